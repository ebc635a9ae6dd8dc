// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import io.jangada.server.EtcdServer;
import io.jangada.server.StartException;
import io.jangada.server.config.ServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member of an {@link EtcdCluster}, which can be stopped and started again with what it has on disk.
 * Thread-safe; its calls wait for each other.
 */
public final class EtcdMember {
    private static final long STATUS_SECONDS_MAX = 2;

    private final Links links;
    private final long id;
    private final URI endpoint;
    private final ServerConfig config;
    private final ManagedChannel channel;
    private @Nullable EtcdServer server;
    private boolean closed;

    EtcdMember(Links links, long id, URI endpoint, ServerConfig config) {
        this.links = links;
        this.id = id;
        this.endpoint = endpoint;
        this.config = config;
        this.channel = NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                .usePlaintext().build();
    }

    /** Its name in the cluster: {@code m1} for the first. */
    public String name() {
        return config.name();
    }

    /** Its id, as etcd's API tells it. */
    public long id() {
        return id;
    }

    /** Where it serves clients; the same after each start. */
    public URI endpoint() {
        return endpoint;
    }

    /** Its data; there as long as the cluster is not closed. */
    public Path dataDirectory() {
        return config.dataDir();
    }

    /** Whether it was started, and not stopped since. */
    public synchronized boolean isRunning() {
        return server != null;
    }

    /**
     * Starts it, if it does not run, with the data that it has. Returns when it listens: it serves once it has
     * a leader, for which {@link EtcdCluster#awaitReady} waits.
     *
     * @throws StartException if it cannot: its data are damaged, or another process has its port
     * @throws IllegalStateException if its cluster is closed
     */
    public synchronized void start() throws StartException {
        if (closed) {
            throw new IllegalStateException("the cluster of " + this + " is closed");
        }
        if (server == null) {
            server = EtcdServer.start(config, network -> new CuttableNetwork(network, id, links));
        }
    }

    /** Stops it in order: it hands leadership over and answers what is open. No effect if it does not run. */
    public synchronized void stop() {
        EtcdServer running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    /**
     * Stops it without a word to the others, as a machine that fails: it hands nothing over, and they notice by
     * their timeouts. What it had acknowledged is on its disk.
     */
    public void kill() {
        links.silence(id, this::stop);
    }

    /** Completed once it serves; exceptionally if it stops before; null if it does not run. */
    synchronized @Nullable CompletableFuture<Void> ready() {
        return server == null ? null : server.ready();
    }

    /** What it says of itself; empty if it does not answer. */
    Optional<StatusResponse> status() {
        if (!isRunning()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MaintenanceGrpc.newBlockingStub(channel).withWaitForReady()
                    .withDeadlineAfter(STATUS_SECONDS_MAX, TimeUnit.SECONDS)
                    .status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException silent) {
            return Optional.empty();
        }
    }

    synchronized void close() {
        closed = true;
        channel.shutdownNow();
        stop();
    }

    @Override
    public String toString() {
        return name() + " at " + endpoint;
    }
}
