// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.AnonymousInProcessSocketAddress;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream of a service that always has more to say, on a loop that the test runs by hand. */
class GatewayCallTest {
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final Endless service = new Endless();
    private final Sink sink = new Sink();
    private final Server server;
    private final ManagedChannel channel;
    private final GatewayRoute route = Objects.requireNonNull(
            GatewayRoutes.all().get("/v3/watch"));

    GatewayCallTest() throws Exception {
        var address = new AnonymousInProcessSocketAddress();
        server = InProcessServerBuilder.forAddress(address).directExecutor().addService(service)
                .build().start();
        channel = InProcessChannelBuilder.forAddress(address).directExecutor().build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void serviceWaitsForAClientThatDoesNotRead() {
        GatewayCall call = GatewayCall.start(channel, loop::add, route, new Metadata(), sink);
        sink.writable = false;
        run();
        assertThat(sink.messages).hasSize(1);
        assertThat(service.said).as("said to nobody").isLessThanOrEqualTo(2);

        sink.writable = true;
        sink.writableUntil = 50;
        call.resume();
        run();
        assertThat(sink.messages).hasSize(50);
        assertThat(service.said).isLessThanOrEqualTo(51);
    }

    @Test
    void serviceLearnsThatTheClientIsGone() {
        GatewayCall call = GatewayCall.start(channel, loop::add, route, new Metadata(), sink);
        sink.writable = false;
        run();
        call.cancel();
        run();
        assertThat(service.canceled).isTrue();
        assertThat(sink.failure).isNull();
    }

    @Test
    void everyRequestOfABodyIsSent() {
        sink.writable = false;
        GatewayCall call = GatewayCall.start(channel, loop::add, route, new Metadata(), sink);
        call.send("{\"create_request\":{}}\n{\"cancel_request\":{\"watch_id\":3}} {}");
        call.halfClose();
        run();
        assertThat(service.requests).hasSize(3);
        assertThat(service.requests.get(1).getCancelRequest().getWatchId()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"create_request\":{}} nonsense}", "[", "{\"create_request\":7}"})
    void malformedRequestEndsTheCall(String text) {
        sink.writable = false;
        GatewayCall call = GatewayCall.start(channel, loop::add, route, new Metadata(), sink);
        call.send(text.equals("[") ? text.repeat(100_000) : text);
        run();
        assertThat(sink.failure).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(service.canceled).isTrue();
    }

    private void run() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    /** Answers as long as it is allowed to. */
    private static final class Endless extends WatchGrpc.WatchImplBase {
        private final List<WatchRequest> requests = new ArrayList<>();
        private int said;
        private boolean canceled;

        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> out) {
            var stream = (ServerCallStreamObserver<WatchResponse>) out;
            stream.setOnCancelHandler(() -> canceled = true);
            stream.setOnReadyHandler(() -> {
                while (stream.isReady() && said < 1_000) {
                    said++;
                    stream.onNext(WatchResponse.newBuilder().setWatchId(said).build());
                }
            });
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {
                    requests.add(request);
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    private static final class Sink implements GatewaySink {
        private final List<String> messages = new ArrayList<>();
        private boolean writable = true;
        private int writableUntil = Integer.MAX_VALUE;
        private Status.@Nullable Code failure;

        @Override
        public boolean isWritable() {
            return writable && messages.size() < writableUntil;
        }

        @Override
        public void message(String json) {
            messages.add(json);
        }

        @Override
        public void only(String json) {
            messages.add(json);
        }

        @Override
        public void failed(Status status, String json) {
            failure = status.getCode();
        }

        @Override
        public void end() {}
    }
}
