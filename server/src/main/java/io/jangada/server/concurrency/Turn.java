// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.mvcc.EventType;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.Watch;
import io.jangada.mvcc.WatchBatch;
import io.jangada.mvcc.WatchHub;
import io.jangada.mvcc.WatchListener;
import io.jangada.mvcc.WatchRequest;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.apply.RangeReader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Waits until all places before one in a queue are given up. It watches the last one before it, so that each
 * place that is given up wakes one who waits. What this member's store has is enough to know: the place
 * waited with is in it, and so are those before it. Belongs to the watch loop.
 */
final class Turn {
    private final MvccStore store;
    private final WatchHub hub;
    private final EventLoop loop;
    private final RangeRequest lastBefore;
    private final Runnable come;
    private @Nullable Watch watch;
    private boolean over;

    /** Waits with the place that was taken at {@code revision}; {@code come} is called on the loop. */
    Turn(QueueAccess queues, ByteString prefix, long revision, Runnable come) {
        this.store = queues.member().store();
        this.hub = queues.hub();
        this.loop = queues.watchLoop();
        this.come = come;
        lastBefore = RangeRequest.newBuilder().setKey(prefix).setRangeEnd(Queues.end(prefix))
                .setMaxCreateRevision(revision - 1).setLimit(1).setKeysOnly(true)
                .setSortTarget(RangeRequest.SortTarget.CREATE)
                .setSortOrder(RangeRequest.SortOrder.DESCEND).build();
    }

    /** Looks who is before it. */
    void look() {
        if (over) {
            return;
        }
        cancelWatch();
        RangeResponse found;
        long revision;
        try (ReadView view = store.view()) {
            revision = view.revision();
            found = RangeReader.read(view::range, lastBefore).build();
        }
        if (found.getKvsCount() == 0) {
            over = true;
            come.run();
            return;
        }
        watch = hub.register(new WatchRequest(
                new KeyRange(found.getKvs(0).getKey(), ByteString.EMPTY), revision + 1,
                Set.of(EventType.PUT), false), new WatchListener() {
                    @Override
                    public boolean offer(WatchBatch batch) {
                        loop.execute(Turn.this::look);
                        return true;
                    }

                    @Override
                    public void compacted(long compactRevision) {
                        loop.execute(Turn.this::look);
                    }
                });
    }

    /** Waits no more. */
    void cancel() {
        over = true;
        cancelWatch();
    }

    private void cancelWatch() {
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }
}
