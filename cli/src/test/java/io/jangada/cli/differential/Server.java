// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.AuthenticateRequest;
import io.jangada.api.etcd.AuthenticateResponse;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server of one member as a process, with a connection to it and the tokens it gave. Both programs take etcd's flags.
 * Used by one thread.
 */
final class Server implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final long CALL_SECONDS_MAX = 30;
    private static final long START_SECONDS_MAX = 30;

    private final Path log;
    private final Process process;
    private final ManagedChannel channel;
    private final Map<String, String> tokens = new HashMap<>();

    private Server(Path log, Process process, ManagedChannel channel) {
        this.log = log;
        this.process = process;
        this.channel = channel;
    }

    /** Starts {@code program} with its data and its log in {@code folder}, and waits until it leads. */
    static Server start(Path program, Path folder) throws IOException {
        Files.createDirectories(folder);
        String client;
        String peer;
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client = "127.0.0.1:" + one.getLocalPort();
            peer = "http://127.0.0.1:" + other.getLocalPort();
        }
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(program.toString(), "--name", "m",
                "--data-dir", folder.resolve("data").toString(),
                "--listen-client-urls", "http://" + client,
                "--advertise-client-urls", "http://" + client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", "m=" + peer, "--bcrypt-cost", "4")
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Server server = new Server(log, process, NettyChannelBuilder.forTarget(client)
                .usePlaintext().maxInboundMessageSize(Integer.MAX_VALUE).build());
        boolean started = false;
        try {
            server.awaitLeader();
            started = true;
            return server;
        } finally {
            if (!started) {
                server.close();
            }
        }
    }

    private void awaitLeader() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        Call status = Call.of(MaintenanceGrpc.getStatusMethod(),
                StatusRequest.getDefaultInstance());
        while (true) {
            Answer answer = send(status).join();
            if (answer.isOk() && ((StatusResponse) answer.messages().getFirst()).getLeader() != 0) {
                return;
            }
            assertThat(process.isAlive() && System.nanoTime() - end < 0)
                    .as(() -> "starts: " + lastLogged()).isTrue();
            channel.resetConnectBackoff();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Sends one message and no more; the future ends with all that comes back. */
    CompletableFuture<Answer> send(Call call) {
        @SuppressWarnings("unchecked") // A call's message is its method's.
        ClientCall<Message, Message> started = channel.newCall(
                (MethodDescriptor<Message, Message>) call.method(),
                CallOptions.DEFAULT.withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS));
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        started.start(new ClientCall.Listener<>() {
            private final List<Message> messages = new ArrayList<>();

            @Override
            public void onMessage(Message message) {
                messages.add(message);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                answer.complete(Answer.of(messages, status));
            }
        }, metadata(call.caller()));
        started.request(Integer.MAX_VALUE);
        started.sendMessage(call.request());
        started.halfClose();
        return answer;
    }

    /** Keeps the token that {@code answer} brought, if it did. */
    void remember(Call call, Answer answer) {
        if (answer.isOk() && call.request() instanceof AuthenticateRequest request) {
            tokens.put(request.getName(),
                    ((AuthenticateResponse) answer.messages().getFirst()).getToken());
        }
    }

    Metadata metadata(String caller) {
        Metadata metadata = new Metadata();
        if (!caller.isEmpty()) {
            metadata.put(TOKEN, tokens.getOrDefault(caller, "none.1"));
        }
        return metadata;
    }

    ManagedChannel channel() {
        return channel;
    }

    String lastLogged() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return (process.isAlive() ? "runs" : "has ended") + ":\n"
                    + String.join("\n",
                            lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.destroyForcibly();
    }
}
