// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.concurrency.Queues.Place;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client that waits for its turn in a queue. If it goes away, or what it waits by ends, it is forgotten
 * and its place given up. All state belongs to the watch loop.
 */
final class Waiting<R> {
    private final QueueAccess queues;
    private final EventLoop loop;
    private final LocalKv kv;
    private final ByteString prefix;
    private final BiFunction<Place, RangeResponse, R> answer;
    private final Status expired;
    private final ServerCallStreamObserver<R> out;
    private @Nullable Place place;
    private @Nullable Turn turn;
    private boolean canceled;

    /**
     * Must be made while the call is being started.
     *
     * @param answer made of the place and of its key as it is when the turn has come
     * @param expired said if the key is gone by then
     */
    Waiting(QueueAccess queues, LocalKv kv, ByteString prefix,
            BiFunction<Place, RangeResponse, R> answer, Status expired,
            ServerCallStreamObserver<R> out) {
        this.queues = queues;
        this.loop = queues.watchLoop();
        this.kv = kv;
        this.prefix = prefix;
        this.answer = answer;
        this.expired = expired;
        this.out = out;
        out.setOnCancelHandler(() -> loop.execute(this::cancel));
    }

    /** Waits with the place that is being taken; any thread. */
    void begin(CompletableFuture<Place> taking) {
        var ignored = taking.whenComplete((taken, failure) -> loop.execute(() -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            place = taken;
            if (canceled) {
                leave(taken);
                return;
            }
            turn = new Turn(queues, prefix, taken.revision(),
                    () -> confirm(taken));
            turn.look();
        }));
    }

    /* The lease may have ended while it waited. */
    private void confirm(Place taken) {
        var ignored = kv.range(RangeRequest.newBuilder().setKey(taken.key()).build())
                .whenComplete((found, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        fail(failure);
                    } else if (found.getKvsCount() == 0
                            || found.getKvs(0).getCreateRevision() != taken.revision()) {
                        fail(expired.asRuntimeException());
                    } else if (!canceled) {
                        out.onNext(answer.apply(taken, found));
                        out.onCompleted();
                        place = null;
                    }
                }));
    }

    private void cancel() {
        canceled = true;
        if (turn != null) {
            turn.cancel();
        }
        if (place != null) {
            leave(place);
        }
    }

    private void leave(Place taken) {
        place = null;
        var ignored = Queues.leave(kv, taken.key(), taken.revision());
    }

    private void fail(Throwable failure) {
        if (place != null) {
            leave(place);
        }
        if (!canceled) {
            out.onError(cause(failure));
        }
    }

    /** What went wrong, without what futures wrap around it. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
