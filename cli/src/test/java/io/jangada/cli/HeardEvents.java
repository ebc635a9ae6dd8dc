// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A watcher on a stream of its own that reads only when it is told to, and checks that keys come in the order of their
 * revisions, none of them twice. If its stream is ended it goes on behind what it has heard, as clients do. Filled by the connection's
 * loop, read by the test.
 */
final class HeardEvents {
    private final ManagedChannel channel;
    private final ByteString from;
    private final ByteString to;
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
    private final AtomicLong count = new AtomicLong();
    private final AtomicInteger endings = new AtomicInteger();
    /** Written by the connection's loop; read by the test, as those below. */
    private volatile boolean isCreated;
    private volatile boolean reads;
    private volatile long lastRevision;
    private volatile @Nullable ClientCallStreamObserver<WatchRequest> stream;

    HeardEvents(ManagedChannel channel, ByteString from, ByteString to) {
        this.channel = channel;
        this.from = from;
        this.to = to;
    }

    /** Begins behind {@code revision}; reads if {@code reading}, and else only that it is created. */
    void open(long revision, boolean reading) {
        reads = reading;
        lastRevision = revision;
        var ignored = WatchGrpc.newStub(channel).watch(new Responses());
    }

    /** Reads whatever comes from now on. */
    void read() {
        reads = true;
        ClientCallStreamObserver<WatchRequest> present = stream;
        if (present == null) {
            open(lastRevision, true); // It was ended meanwhile.
        } else {
            present.request(1);
        }
    }

    long count() {
        return count.get();
    }

    boolean isCreated() {
        return isCreated;
    }

    /** How often the member has ended its stream. */
    int endings() {
        return endings.get();
    }

    /** What was wrong with what came; null if nothing. */
    @Nullable
    String wrong() {
        return wrong.get();
    }

    private final class Responses implements ClientResponseObserver<WatchRequest, WatchResponse> {
        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> requests) {
            requests.disableAutoRequestWithInitial(1);
            requests.setOnReadyHandler(() -> {
                if (stream == null) {
                    stream = requests;
                    requests.onNext(WatchRequest.newBuilder().setCreateRequest(WatchCreateRequest
                            .newBuilder().setKey(from).setRangeEnd(to)
                            .setStartRevision(lastRevision + 1)).build());
                }
            });
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCanceled()) {
                wrong.set("canceled: " + response.getCancelReason());
            }
            isCreated |= response.getCreated();
            for (Event event : response.getEventsList()) {
                long revision = event.getKv().getModRevision();
                if (revision <= lastRevision) {
                    wrong.compareAndSet(null, revision + " after " + lastRevision);
                }
                lastRevision = revision;
                count.incrementAndGet();
            }
            ClientCallStreamObserver<WatchRequest> present = stream;
            if (reads && present != null) {
                present.request(1);
            }
        }

        @Override
        public void onError(Throwable ended) {
            endings.incrementAndGet();
            stream = null;
            if (!(ended instanceof StatusRuntimeException)) {
                wrong.set(ended.toString());
            }
            if (reads && !channel.isShutdown()) {
                open(lastRevision, true);
            }
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("completed"));
        }
    }
}
