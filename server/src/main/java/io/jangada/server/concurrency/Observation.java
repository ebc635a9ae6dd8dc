// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.election.LeaderResponse;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.mvcc.KeyValue;
import io.jangada.mvcc.Event;
import io.jangada.mvcc.EventType;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.Watch;
import io.jangada.mvcc.WatchBatch;
import io.jangada.mvcc.WatchHub;
import io.jangada.mvcc.WatchListener;
import io.jangada.mvcc.WatchRequest;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.apply.KvMessages;
import io.jangada.server.member.LocalMember;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client that is told who leads, and what the leader says: the first key of the queue is looked for and
 * then watched; once it is gone, the next one is looked for. A client that does not read is told later,
 * from history. Belongs to the watch loop.
 */
final class Observation {
    private final LocalMember member;
    private final WatchHub hub;
    private final EventLoop loop;
    private final LocalKv kv;
    private final ByteString name;
    private final ServerCallStreamObserver<LeaderResponse> out;
    private @Nullable Watch watch;
    private boolean over;

    /** Must be made while the call is being started. */
    Observation(QueueAccess queues, ByteString name,
            ServerCallStreamObserver<LeaderResponse> out) {
        this.member = queues.member();
        this.hub = queues.hub();
        this.loop = queues.watchLoop();
        this.kv = queues.here();
        this.name = name;
        this.out = out;
        out.setOnReadyHandler(() -> loop.execute(() -> {
            if (watch != null) {
                watch.resume();
            }
        }));
        out.setOnCancelHandler(() -> loop.execute(() -> {
            over = true;
            cancelWatch();
        }));
    }

    /** Looks for the leader; any thread. */
    void begin() {
        var ignored = kv.range(Queues.first(name))
                .whenComplete((found, failure) -> loop.execute(() -> {
                    if (over) {
                        return;
                    }
                    if (failure != null) {
                        over = true;
                        out.onError(Waiting.cause(failure));
                    } else {
                        found(found);
                    }
                }));
    }

    private void found(RangeResponse found) {
        long next = found.getHeader().getRevision() + 1;
        if (found.getKvsCount() == 0) {
            ByteString prefix = Queues.prefix(name);
            watch(new KeyRange(prefix, Queues.end(prefix)), next, Set.of(EventType.DELETE));
            return;
        }
        KeyValue leader = found.getKvs(0);
        tell(leader, found.getHeader().getRevision());
        watch(new KeyRange(leader.getKey(), ByteString.EMPTY), next, Set.of());
    }

    private void watch(KeyRange keys, long from, Set<EventType> suppressed) {
        boolean isQueue = !keys.rangeEnd().isEmpty();
        watch = hub.register(new WatchRequest(keys, from, suppressed, false),
                new WatchListener() {
                    @Override
                    public boolean offer(WatchBatch batch) {
                        if (!out.isReady()) {
                            return false;
                        }
                        for (Event event : batch.events()) {
                            if (isQueue || event.type() == EventType.DELETE) {
                                loop.execute(Observation.this::again);
                                return true;
                            }
                            tell(KvMessages.message(event.keyValue()), event.revision());
                        }
                        return true;
                    }

                    @Override
                    public void compacted(long compactRevision) {
                        loop.execute(Observation.this::again);
                    }
                });
    }

    private void again() {
        cancelWatch();
        if (!over) {
            begin();
        }
    }

    private void tell(KeyValue leader, long revision) {
        if (!over) {
            out.onNext(LeaderResponse.newBuilder().setHeader(member.header(revision))
                    .setKv(leader).build());
        }
    }

    private void cancelWatch() {
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }
}
