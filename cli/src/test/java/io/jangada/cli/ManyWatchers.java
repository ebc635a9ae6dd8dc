// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchProgressRequest;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A stream with a watcher for each of its keys, and one more for all of them. Filled by the connection's loop, read by the
 * test.
 */
final class ManyWatchers implements StreamObserver<WatchResponse> {
    /** Watchers of a stream: for 99 keys, and for all that have their prefix. */
    static final int COUNT = 100;
    private static final int OF_ALL = COUNT - 1;

    private final Channel channel;
    private final String prefix;
    /** Events by watcher, whose numbers are those of the order in which they were asked for. */
    private final int[] events = new int[COUNT];
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
    private @Nullable StreamObserver<WatchRequest> requests;
    private int rounds;
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger progress = new AtomicInteger();

    ManyWatchers(Channel channel, String prefix) {
        this.channel = channel;
        this.prefix = prefix;
    }

    void open() {
        StreamObserver<WatchRequest> opened = WatchGrpc.newStub(channel).watch(this);
        for (int i = 0; i < COUNT; i++) {
            WatchCreateRequest.Builder create = WatchCreateRequest.newBuilder();
            if (i == OF_ALL) {
                create.setKey(ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(ByteString.copyFromUtf8(prefix.replaceAll("/$", "0")));
            } else {
                create.setKey(ByteString.copyFromUtf8(prefix + i));
            }
            opened.onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
        }
        requests = opened;
    }

    boolean areCreated() {
        return created.get() == COUNT;
    }

    /** All that is due: each key has changed once more, the last one for the watcher of all alone. */
    boolean haveHeard() {
        return heard.get() >= (rounds + 1) * (OF_ALL + COUNT);
    }

    void askForProgress() {
        rounds++;
        StreamObserver<WatchRequest> opened = requests;
        if (opened != null) {
            opened.onNext(WatchRequest.newBuilder()
                    .setProgressRequest(WatchProgressRequest.getDefaultInstance()).build());
        }
    }

    boolean haveProgress() {
        return progress.get() >= rounds;
    }

    /** Each has heard what it should, as often as it should. */
    void assertOnce() {
        assertThat(wrong.get()).isNull();
        for (int i = 0; i < COUNT; i++) {
            assertThat(events[i]).as("events of watcher %s at %s", i, prefix)
                    .isEqualTo(rounds * (i == OF_ALL ? COUNT : 1));
        }
    }

    @Override
    public void onNext(WatchResponse response) {
        if (response.getCanceled()) {
            wrong.set("canceled: " + response.getCancelReason());
        } else if (response.getCreated()) {
            created.incrementAndGet();
        } else if (response.getEventsCount() == 0) {
            progress.incrementAndGet();
        }
        int id = (int) response.getWatchId();
        for (Event event : response.getEventsList()) {
            if (id != OF_ALL && !event.getKv().getKey().toStringUtf8().equals(prefix + id)) {
                wrong.set("watcher " + id + " heard of " + event.getKv().getKey().toStringUtf8());
            }
            events[id]++;
        }
        heard.addAndGet(response.getEventsCount());
    }

    @Override
    public void onError(Throwable failed) {
        wrong.set(failed.toString());
    }

    @Override
    public void onCompleted() {
        wrong.set("completed");
    }
}
