// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A cluster of one member in this process, on ports of the system's choice, and a connection to it. */
public final class OneMember implements AutoCloseable {
    private static final int START_SECONDS = 30;

    private final EtcdServer server;
    private final ManagedChannel channel;

    private OneMember(EtcdServer server, ManagedChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /** Starts it; its data are in {@code directory}. */
    public static OneMember start(Path directory) throws Exception {
        return start(config(directory).build());
    }

    /** Starts it as {@code config} says. */
    public static OneMember start(ServerConfig config) throws Exception {
        EtcdServer server = EtcdServer.start(config);
        server.ready().get(START_SECONDS, TimeUnit.SECONDS);
        return new OneMember(server, NettyChannelBuilder
                .forAddress("127.0.0.1", server.clientAddresses().getFirst().getPort())
                .usePlaintext().build());
    }

    /** Short timeouts, and any ports. */
    public static ServerConfig.Builder config(Path directory) {
        return ServerConfig.builder("m", directory).listenClientUrls("http://127.0.0.1:0")
                .advertiseClientUrls("http://127.0.0.1:1").listenPeerUrls("http://127.0.0.1:0")
                .initialAdvertisePeerUrls("http://127.0.0.1:2").heartbeatIntervalMillis(10)
                .electionTimeoutMillis(100);
    }

    /** To its client port. */
    public ManagedChannel channel() {
        return channel;
    }

    /** The member. */
    public EtcdServer server() {
        return server;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}
