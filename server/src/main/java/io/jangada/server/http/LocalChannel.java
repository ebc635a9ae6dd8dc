// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.Channel;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.inprocess.AnonymousInProcessSocketAddress;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.jangada.server.answer.LongAnswers;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The way from HTTP to the services: gRPC within the process, through everything that a call over the
 * network goes through, without a socket. Opened at its first use. Thread-safe: by a lock that only the
 * first use and the end hold for more than a moment.
 */
final class LocalChannel implements AutoCloseable {
    private final HandlerRegistry services;
    private final ServerStreamTracer.Factory tracers;
    private @Nullable Server server;
    private @Nullable ManagedChannel channel;

    /** A way to {@code services}, which {@code tracers} see. */
    LocalChannel(HandlerRegistry services, ServerStreamTracer.Factory tracers) {
        this.services = services;
        this.tracers = tracers;
    }

    synchronized Channel channel() {
        ManagedChannel present = channel;
        if (present == null) {
            AnonymousInProcessSocketAddress address = new AnonymousInProcessSocketAddress();
            try {
                server = InProcessServerBuilder.forAddress(address).directExecutor()
                        .fallbackHandlerRegistry(services).addStreamTracerFactory(tracers)
                        .intercept(LongAnswers.withoutPort())
                        .build().start();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible); // Nobody else has this address.
            }
            present = InProcessChannelBuilder.forAddress(address)
                    .maxInboundMessageSize(Integer.MAX_VALUE).build();
            channel = present;
        }
        return present;
    }

    /** Ends the calls that are open. */
    @Override
    public synchronized void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (server != null) {
            server.shutdownNow();
        }
    }
}
