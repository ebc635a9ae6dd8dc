// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Makes requests and sends them. Immutable but for the keys' sequence; thread-safe as long as every thread brings its own
 * random generator.
 */
final class Requests {
    private static final int VALUE_COUNT = 64;
    private static final int WINDOW_MESSAGES = 2; // One answer, and the notice that there is no second.

    private final Operation operation;
    private final int readPercent;
    private final Keys keys;
    private final ByteString[] values;
    private final long deadlineMillis;

    /** What happens once a request is over. Called on the channel's event loop. */
    interface Completion {
        /** Takes the outcome; {@code startNanos} is as given to {@link #send}. */
        void completed(long startNanos, Status status);
    }

    /** A deadline of 0 ms is none. */
    Requests(Operation operation, int readPercent, Keys keys, int valueBytes, long deadlineMillis,
            RandomGenerator random) {
        this.operation = operation;
        this.readPercent = readPercent;
        this.keys = keys;
        this.deadlineMillis = deadlineMillis;
        values = new ByteString[VALUE_COUNT];
        for (int i = 0; i < VALUE_COUNT; i++) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            values[i] = ByteString.copyFrom(value);
        }
    }

    /** Sends the next request of the run. */
    void send(Channel channel, RandomGenerator random, long startNanos, Completion completion) {
        switch (operation) {
            case PUT -> put(channel, keys.next(random), random, startNanos, completion);
            case RANGE -> range(channel, random, false, startNanos, completion);
            case SERIALIZABLE -> range(channel, random, true, startNanos, completion);
            case MIXED -> {
                if (random.nextInt(100) < readPercent) {
                    range(channel, random, false, startNanos, completion);
                } else {
                    put(channel, keys.next(random), random, startNanos, completion);
                }
            }
        }
    }

    /** Puts one given key, so that later reads find it. */
    void put(Channel channel, ByteString key, RandomGenerator random, long startNanos,
            Completion completion) {
        var request = PutRequest.newBuilder().setKey(key)
                .setValue(values[random.nextInt(VALUE_COUNT)]).build();
        call(channel, KVGrpc.getPutMethod(), request, startNanos, completion);
    }

    private void range(Channel channel, RandomGenerator random, boolean serializable,
            long startNanos,
            Completion completion) {
        var request = RangeRequest.newBuilder().setKey(keys.next(random))
                .setSerializable(serializable).build();
        call(channel, KVGrpc.getRangeMethod(), request, startNanos, completion);
    }

    private <Q, R> void call(Channel channel, MethodDescriptor<Q, R> method, Q request,
            long startNanos,
            Completion completion) {
        var options = deadlineMillis == 0
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS);
        ClientCall<Q, R> call = channel.newCall(method, options);
        call.start(new ClientCall.Listener<R>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
                completion.completed(startNanos, status);
            }
        }, new Metadata());
        call.request(WINDOW_MESSAGES);
        call.sendMessage(request);
        call.halfClose();
    }
}
