// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One member as a real process of the built distribution, with a connection to it. */
final class MemberProcess implements AutoCloseable {
    private final List<String> command;
    private final Path log;
    private final String clientEndpoint;
    private final Path dataDir;
    private final ManagedChannel channel;
    private @Nullable Process process;

    private final Transport transport;
    private final Map<String, String> environment = new HashMap<>();

    private MemberProcess(List<String> command, String clientEndpoint, Path dataDir, Path log,
            Transport transport) {
        this.transport = transport;
        this.command = command;
        this.clientEndpoint = clientEndpoint;
        this.dataDir = dataDir;
        this.log = log;
        channel = transport.channel().apply(clientEndpoint);
    }

    /** Makes its data directory out of {@code snapshot}, as {@code options} say, and waits for that. */
    Program.Result restore(Path snapshot, String... options)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("snapshot", "restore", snapshot.toString()));
        for (String flag : List.of("--name", "--data-dir", "--initial-cluster",
                "--initial-advertise-peer-urls")) {
            arguments.addAll(List.of(flag, command.get(command.indexOf(flag) + 1)));
        }
        arguments.addAll(List.of(options));
        return Program.jangada(arguments.toArray(new String[0]));
    }

    static MemberProcess of(DemoMember.Address address, List<DemoMember.Address> all, Path folder,
            List<String> options, Transport transport) {
        String clientEndpoint = address.clientEndpoint();
        Path dataDir = folder.resolve(address.name());
        String cluster = String.join(",",
                all.stream().map(each -> each.name() + "=" + transport.url(each.peerUrl()))
                        .toList());
        List<String> command = new ArrayList<>(
                List.of(Program.path(), "server", "--name", address.name(),
                        "--data-dir", dataDir.toString(),
                        "--listen-client-urls", transport.url(clientEndpoint),
                        "--advertise-client-urls", transport.url(clientEndpoint),
                        "--listen-peer-urls", transport.url(address.peerUrl()),
                        "--initial-advertise-peer-urls", transport.url(address.peerUrl())));
        if (options.stream().noneMatch(option -> option.startsWith("--discovery-"))) {
            command.addAll(List.of("--initial-cluster", cluster));
        }
        command.addAll(options);
        command.addAll(transport.options());
        return new MemberProcess(command, clientEndpoint, dataDir,
                folder.resolve(address.name() + ".log"), transport);
    }

    /**
     * The same member, which does not run, with a copy of its directory in {@code folder}. It listens elsewhere,
     * but says that it is found where this one is.
     */
    MemberProcess copy(DemoMember.Address elsewhere, Path folder) throws IOException {
        assertThat(isAlive()).isFalse();
        Path copied = folder.resolve(dataDir.getFileName());
        try (var files = Files.walk(dataDir)) {
            for (Path file : files.toList()) {
                Files.copy(file, copied.resolve(dataDir.relativize(file)));
            }
        }
        List<String> other = new ArrayList<>(command);
        set(other, "--data-dir", copied.toString());
        set(other, "--listen-client-urls", transport.url(elsewhere.clientEndpoint()));
        set(other, "--advertise-client-urls", transport.url(elsewhere.clientEndpoint()));
        set(other, "--listen-peer-urls", transport.url(elsewhere.peerUrl()));
        return new MemberProcess(other, elsewhere.clientEndpoint(), copied,
                folder.resolve(dataDir.getFileName() + ".log"), transport);
    }

    private static void set(List<String> command, String flag, String value) {
        command.set(command.indexOf(flag) + 1, value);
    }

    /** Starts with {@code name} set to {@code value} from now on. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    void start() throws IOException {
        assertThat(isAlive()).isFalse();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        // A new process at the old address: no waiting for the channel's back-off.
        channel.resetConnectBackoff();
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() throws InterruptedException {
        running().destroyForcibly();
        assertThat(running().waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    /** SIGTERM, and waits until the process is gone; returns its exit code. */
    int stop() throws InterruptedException {
        running().destroy();
        assertThat(running().waitFor(10, TimeUnit.SECONDS)).as("stops within 10 s").isTrue();
        return running().exitValue();
    }

    /** Waits until the process ends by itself; returns its exit code. */
    int awaitExit() throws InterruptedException {
        assertThat(running().waitFor(30, TimeUnit.SECONDS)).as("ends within 30 s").isTrue();
        return running().exitValue();
    }

    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(running().pid())).start()
                .waitFor()).isZero();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started: " + clientEndpoint);
        }
        return process;
    }

    /** The process's number. */
    long pid() {
        return running().pid();
    }

    String clientEndpoint() {
        return clientEndpoint;
    }

    /** Where the others reach it. */
    String peerUrl() {
        return command.get(command.indexOf("--listen-peer-urls") + 1);
    }

    Path dataDir() {
        return dataDir;
    }

    String logged() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** The end of what it logged, for a failure's text. */
    String lastLogged() {
        try {
            List<String> lines = logged().lines().toList();
            return clientEndpoint + (isAlive() ? " runs" : " has ended") + ":\n" + String.join("\n",
                    lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    /** The member's own view; empty if it does not answer within a second. */
    Optional<StatusResponse> status() {
        try {
            return Optional.of(
                    MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.SECONDS)
                            .status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException ignored) {
            return Optional.empty();
        }
    }

    boolean leads() {
        return status()
                .filter(s -> s.getLeader() != 0 && s.getLeader() == s.getHeader().getMemberId())
                .isPresent();
    }

    /** Reads and writes, each with {@code timeoutMillis}. */
    KVGrpc.KVBlockingStub kv(long timeoutMillis) {
        return KVGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis,
                TimeUnit.MILLISECONDS);
    }

    MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
        return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
