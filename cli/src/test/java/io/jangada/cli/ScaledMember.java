// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A member of one, with little heap, and clients that load it with what the machine has left. Used by one thread. */
final class ScaledMember implements AutoCloseable {
    private static final int PUTS_IN_FLIGHT_MAX = 128;
    private static final int BYTES_IN_FLIGHT_MAX = 512 << 10;
    private static final int WINDOW_BYTES = 64 << 10;

    private final Cluster cluster;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1,
            new LowPriority("load-loop"), NioIoHandler.newFactory());
    private final List<Runnable> clients = new ArrayList<>();
    private final ExecutorService loading = Executors
            .newSingleThreadExecutor(new LowPriority("load"));
    private final ExecutorService measuring = Executors.newSingleThreadExecutor();
    private final LightClient light;
    private LightClient.@Nullable Latencies measuredAlone;
    private LightClient.@Nullable Latencies measuredEmpty;

    private ScaledMember(Cluster cluster) {
        this.cluster = cluster;
        this.light = new LightClient(member().clientEndpoint());
    }

    static ScaledMember start(Path folder, String... options) throws IOException {
        Cluster cluster = new Cluster(1, folder, options);
        cluster.members().getFirst().environment("JANGADA_JAVA_OPTS", Scale.PRESENT.javaOptions()
                + " " + System.getProperty("jangada.scale.options", ""));
        return new ScaledMember(cluster.start());
    }

    MemberProcess member() {
        return cluster.members().getFirst();
    }

    /** Waits until it serves, after a start. */
    void awaitLeader() {
        cluster.awaitLeaderEverywhere();
    }

    EventLoopGroup loops() {
        return loops;
    }

    /** A connection of its own for a client that keeps little of what it has not asked for; closed with this. */
    ManagedChannel channel() {
        ManagedChannel channel = NettyChannelBuilder.forTarget(member().clientEndpoint())
                .usePlaintext().eventLoopGroup(loops).channelType(NioSocketChannel.class)
                .directExecutor().flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(Integer.MAX_VALUE).build();
        clients.add(channel::shutdownNow);
        return channel;
    }

    /** A bare connection; closed with this. */
    BareConnection connection() {
        BareConnection connection = BareConnection.open(loops, member().clientEndpoint());
        clients.add(connection::close);
        return connection;
    }

    /** Prints what a light client sees while what was made is there, and nothing else happens, beside what it saw of an empty member. */
    void beside(String what) throws Exception {
        LightClient.Latencies empty = Objects.requireNonNull(measuredEmpty, "underLoad is first");
        light.until(over(Duration.ofSeconds(1)));
        LightClient.Latencies present = light
                .until(over(Duration.ofSeconds(Scale.PRESENT.of(1, 10))));
        System.out.println("scale: beside " + what + " " + empty.beside(present) + "; " + memory());
    }

    /**
     * Runs {@code load} with low priority, and prints what a light client sees of it.
     *
     * @return what it returned
     */
    <T> T underLoad(String what, Callable<T> load) throws Exception {
        LightClient.Latencies alone = alone();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Future<LightClient.Latencies> loaded = measuring.submit(() -> light.until(over));
        long begin = System.nanoTime();
        T result;
        try {
            result = loading.submit(load).get();
        } finally {
            over.complete(null);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        System.out.println("scale: " + what + " in " + millis + " ms; " + alone.beside(
                loaded.get(60, TimeUnit.SECONDS)) + "; " + memory());
        return result;
    }

    /* Before each load at full size; else once, for the time that it takes. */
    private LightClient.Latencies alone() {
        LightClient.Latencies known = measuredAlone;
        if (known == null || Scale.PRESENT == Scale.FULL) {
            LightClient.Latencies warmUp = light
                    .until(over(Duration.ofSeconds(Scale.PRESENT.of(1, 20))));
            assertThat(warmUp.isEmpty()).isFalse();
            known = light.until(over(Duration.ofSeconds(Scale.PRESENT.of(1, 10))));
            measuredAlone = known;
            if (measuredEmpty == null) {
                measuredEmpty = known;
            }
        }
        return known;
    }

    private static CompletableFuture<Void> over(Duration time) {
        return new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The greatest resident memory of the process so far, and the present one. */
    private String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(member().pid()), "status"))
                .stream()
                .filter(line -> line.startsWith("VmHWM") || line.startsWith("VmRSS"))
                .map(line -> line.replaceAll("\\s+", " ")).toList().toString();
    }

    /** Puts {@code count} keys, as many at a time as are not many bytes, and waits until each is acknowledged. */
    void put(int count, IntFunction<String> key, ByteString value) throws InterruptedException {
        put(count, Integer.MAX_VALUE, key, value);
    }

    /** The same, at most {@code perSecond} of them a second. */
    void put(int count, int perSecond, IntFunction<String> key, ByteString value)
            throws InterruptedException {
        List<ManagedChannel> channels = List.of(channel(), channel(), channel(), channel());
        int inFlight = Math.clamp(BYTES_IN_FLIGHT_MAX / (value.size() + 1), 1, PUTS_IN_FLIGHT_MAX);
        Semaphore free = new Semaphore(inFlight);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        for (int i = 0; i < count && failure.get() == null; i++) {
            long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            for (long early; (early = due - System.nanoTime()) > 0;) {
                LockSupport.parkNanos(early);
            }
            free.acquire();
            KVGrpc.newStub(channels.get(i % channels.size())).put(PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(key.apply(i))).setValue(value).build(),
                    new StreamObserver<PutResponse>() {
                        @Override
                        public void onNext(PutResponse response) {}

                        @Override
                        public void onError(Throwable failed) {
                            failure.set(failed);
                            free.release();
                        }

                        @Override
                        public void onCompleted() {
                            free.release();
                        }
                    });
        }
        assertThat(free.tryAcquire(inFlight, 60, TimeUnit.SECONDS)).isTrue();
        assertThat(failure.get()).as(() -> member().lastLogged()).isNull();
        channels.forEach(ManagedChannel::shutdown);
    }

    /** It lives, and has nothing to complain about. */
    void assertSound() throws IOException {
        assertThat(member().isAlive()).as(() -> member().lastLogged()).isTrue();
        assertThat(member().status()).isPresent();
        assertThat(member().logged().lines().filter(ScaledMember::isComplaint).limit(20)).isEmpty();
    }

    private static boolean isComplaint(String line) {
        return Stream.of("OutOfMemory", "OutOfDirectMemory", "LEAK", "failed unexpectedly",
                "\"level\":\"error\"", "Exception").anyMatch(line::contains);
    }

    @Override
    public void close() {
        clients.forEach(Runnable::run);
        light.close();
        loading.shutdownNow();
        measuring.shutdownNow();
        cluster.close();
        var ignored = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
