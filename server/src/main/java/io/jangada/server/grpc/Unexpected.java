// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures that nobody has foreseen, of work that was to answer a call: the call must not wait for ever. */
final class Unexpected {
    private static final Logger LOGGER = LoggerFactory.getLogger(Unexpected.class);

    private Unexpected() {}

    /** {@code work}, after whose failure {@code out} is answered too: as {@code INTERNAL}, with the reason in the log. */
    static Runnable answered(Runnable work, StreamObserver<?> out) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException unexpected) {
                LOGGER.warn("request failed unexpectedly", unexpected);
                try {
                    out.onError(Status.INTERNAL
                            .withDescription("request failed unexpectedly: see the member's log")
                            .asRuntimeException());
                } catch (IllegalStateException answered) {
                    LOGGER.debug("it was answered before it failed", answered);
                }
            }
        };
    }
}
