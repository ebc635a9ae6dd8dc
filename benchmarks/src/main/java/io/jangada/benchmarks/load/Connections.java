// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A run's connections, each a channel of its own, spread over the endpoints in turn. Callbacks run on the event loops
 * themselves. Thread-safe.
 */
final class Connections implements AutoCloseable {
    private static final ByteString ANY_KEY = ByteString.copyFromUtf8("load");
    private static final long ASK_MILLIS = 1_000;
    private static final long POLL_MILLIS = 100;
    private static final int CONNECTION_COUNT_DEFAULT = 8;

    private final EventLoopGroup loops;
    private final List<ManagedChannel> channels;

    private Connections(EventLoopGroup loops, List<ManagedChannel> channels) {
        this.loops = loops;
        this.channels = List.copyOf(channels);
    }

    static Connections open(List<String> endpoints, int connectionCount, int threadCount) {
        boolean epoll = Epoll.isAvailable();
        var loops = new MultiThreadIoEventLoopGroup(threadCount,
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < connectionCount; i++) {
            String endpoint = endpoints.get(i % endpoints.size());
            channels.add(NettyChannelBuilder.forTarget("dns:///" + address(endpoint))
                    .eventLoopGroup(loops)
                    .channelType(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                    .usePlaintext()
                    .directExecutor()
                    .disableRetry()
                    .build());
        }
        return new Connections(loops, channels);
    }

    /** Eight, or a few more so that every endpoint gets the same number; never more than there are clients. */
    static int countFor(int clientCount, int endpointCount) {
        int perEndpoint = Math.ceilDiv(CONNECTION_COUNT_DEFAULT, endpointCount);
        return Math.max(1, Math.min(clientCount, perEndpoint * endpointCount));
    }

    private static String address(String endpoint) {
        return endpoint.startsWith("http://") ? endpoint.substring("http://".length()) : endpoint;
    }

    int count() {
        return channels.size();
    }

    /** The connection of the client or request with this number. */
    Channel channel(long number) {
        return channels.get((int) (number % channels.size()));
    }

    /** Runs the task on one of the event loops after the delay. */
    void later(Runnable task, long delay, TimeUnit unit) {
        var ignored = loops.schedule(task, delay, unit);
    }

    /**
     * Waits until every connection's member knows a leader and answers a linearizable read.
     *
     * @return whether that came true in time
     */
    boolean await(long seconds) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (ManagedChannel channel : channels) {
            while (!serves(channel)) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    return false;
                }
                channel.resetConnectBackoff();
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        return true;
    }

    private static boolean serves(Channel channel) {
        if (status(channel).filter(status -> status.getLeader() != 0).isEmpty()) {
            return false;
        }
        try {
            var request = RangeRequest.newBuilder().setKey(ANY_KEY).build();
            var response = ClientCalls.blockingUnaryCall(channel, KVGrpc.getRangeMethod(), soon(),
                    request);
            return response.hasHeader();
        } catch (StatusRuntimeException notYet) {
            return false;
        }
    }

    /** The position of the endpoint whose member leads, when the endpoints have one connection each. */
    Optional<Integer> leader() {
        for (int i = 0; i < channels.size(); i++) {
            var status = status(channels.get(i));
            if (status.filter(s -> s.getLeader() == s.getHeader().getMemberId()).isPresent()) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private static Optional<StatusResponse> status(Channel channel) {
        try {
            return Optional.of(ClientCalls.blockingUnaryCall(channel,
                    MaintenanceGrpc.getStatusMethod(), soon(),
                    StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException away) {
            return Optional.empty();
        }
    }

    private static CallOptions soon() {
        return CallOptions.DEFAULT.withDeadlineAfter(ASK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        var ignored = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
