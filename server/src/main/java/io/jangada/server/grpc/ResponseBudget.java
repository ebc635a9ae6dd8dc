// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.server.error.EtcdError;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that answers take until their clients have taken them. While it is used up, calls that may
 * have large answers are refused. What is on its way then still comes: at most what the reader threads
 * are at. Thread-safe.
 */
public final class ResponseBudget implements ServerInterceptor {
    private static final Set<String> LARGE = Set.of(KVGrpc.getRangeMethod().getFullMethodName(),
            KVGrpc.getRangeStreamMethod().getFullMethodName(),
            KVGrpc.getTxnMethod().getFullMethodName(),
            KVGrpc.getDeleteRangeMethod().getFullMethodName());

    private final long bytesMax;
    private final AtomicLong pendingBytes = new AtomicLong();

    /** Of {@code bytesMax}. */
    public ResponseBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        if (!LARGE.contains(call.getMethodDescriptor().getFullMethodName())) {
            return next.startCall(call, headers);
        }
        if (pendingBytes.get() >= bytesMax) {
            call.close(EtcdError.TOO_MANY_REQUESTS.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        if (call.getMethodDescriptor().getType() != MethodType.UNARY) {
            return next.startCall(call, headers); // Waits for its client by itself.
        }
        Counted<A, B> counted = new Counted<>(call);
        return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
            @Override
            public void onCancel() {
                counted.taken();
                super.onCancel();
            }

            @Override
            public void onComplete() {
                counted.taken();
                super.onComplete();
            }
        };
    }

    /** Bytes of answers that are not taken yet. */
    public long pendingBytes() {
        return pendingBytes.get();
    }

    private final class Counted<A, B> extends SimpleForwardingServerCall<A, B> {
        /** What is counted; below 0 once the call is over. */
        private final AtomicLong bytes = new AtomicLong();

        Counted(ServerCall<A, B> call) {
            super(call);
        }

        @Override
        public void sendMessage(B message) {
            long size = message instanceof MessageLite one ? one.getSerializedSize() : 0;
            if (bytes.compareAndSet(0, size)) {
                pendingBytes.addAndGet(size);
            }
            super.sendMessage(message);
        }

        private void taken() {
            long counted = bytes.getAndSet(-1);
            if (counted > 0) {
                pendingBytes.addAndGet(-counted);
            }
        }
    }
}
