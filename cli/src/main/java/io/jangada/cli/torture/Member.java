// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One member as a process, and a connection to it that sends each request once. Its process is changed under a lock, by
 * the one who makes faults and at the end; the rest is immutable or thread-safe.
 */
final class Member implements AutoCloseable {
    private static final long STATUS_MILLIS_MAX = 1_000;
    private static final int LOG_LINES = 5;

    /**
     * Where a member listens on loopback.
     *
     * @param name its name
     * @param clientPort for clients
     * @param peerPort where its proxy finds it
     */
    record Address(String name, int clientPort, int peerPort) {
        String clientUrl() {
            return "http://127.0.0.1:" + clientPort;
        }
    }

    private final Address address;
    private final List<String> command;
    private final Path dataFolder;
    private final Path log;
    private final ManagedChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Process process;
    private boolean closed;

    /**
     * A member that does not run yet.
     *
     * @param command how it is started
     * @param dataFolder where it keeps its data
     * @param log where it logs
     */
    Member(Address address, List<String> command, Path dataFolder, Path log) {
        this.address = address;
        this.command = List.copyOf(command);
        this.dataFolder = dataFolder;
        this.log = log;
        channel = NettyChannelBuilder.forAddress("127.0.0.1", address.clientPort()).usePlaintext()
                .disableRetry().maxInboundMessageSize(Integer.MAX_VALUE).build();
    }

    String name() {
        return address.name();
    }

    Path dataFolder() {
        return dataFolder;
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Starts it where it does not run. */
    void start() throws IOException {
        start(List.of());
    }

    /**
     * Starts it where it does not run.
     *
     * @param before a program that runs it, with its arguments
     */
    void start(List<String> before) throws IOException {
        List<String> all = new ArrayList<>(before);
        all.addAll(command);
        lock.lock();
        try {
            if (!closed && (process == null || !process.isAlive())) {
                process = new ProcessBuilder(all).redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** SIGKILL, for what it has started too, and waits until the process is gone. */
    void kill() throws InterruptedException {
        Optional<ProcessHandle> present = process();
        if (present.isPresent()) {
            List<ProcessHandle> all = new ArrayList<>(present.get().descendants().toList());
            all.add(present.get());
            all.forEach(ProcessHandle::destroyForcibly);
            Process gone;
            lock.lock();
            try {
                gone = process;
            } finally {
                lock.unlock();
            }
            if (gone != null) {
                gone.waitFor();
            }
        }
    }

    /** Sends a signal, STOP or CONT, to the process and what it has started. */
    void signal(String name) throws IOException, InterruptedException {
        Optional<ProcessHandle> present = process();
        if (present.isPresent()) {
            List<String> kill = new ArrayList<>(List.of("kill", "-" + name));
            kill.add(Long.toString(present.get().pid()));
            present.get().descendants().forEach(child -> kill.add(Long.toString(child.pid())));
            new ProcessBuilder(kill).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        }
    }

    /** The process, if it runs. */
    Optional<ProcessHandle> process() {
        lock.lock();
        try {
            return Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle);
        } finally {
            lock.unlock();
        }
    }

    boolean isAlive() {
        return process().isPresent();
    }

    /** The member's own view; empty if it does not answer within a second. */
    Optional<StatusResponse> status() {
        try {
            return Optional.of(MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(STATUS_MILLIS_MAX, TimeUnit.MILLISECONDS)
                    .status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException ignored) {
            channel.resetConnectBackoff();
            return Optional.empty();
        }
    }

    /** Whether it says that it leads. */
    boolean leads() {
        return status().filter(status -> status.getLeader() != 0
                && status.getLeader() == status.getHeader().getMemberId()).isPresent();
    }

    /** The end of what it logged. */
    String lastLogged() {
        try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException | UncheckedIOException ignored) {
            return "(no log at " + log + ")";
        }
    }

    /** SIGKILL, and no start after it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } finally {
            lock.unlock();
        }
        channel.shutdownNow();
    }
}
