// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One member of the demo: a process of its own, whose log goes to a file beside its data. */
final class DemoMember {
    /**
     * Where a member listens on loopback.
     *
     * @param name its name
     * @param clientPort for clients
     * @param peerPort for the other members
     */
    record Address(String name, int clientPort, int peerPort) {
        String clientEndpoint() {
            return "127.0.0.1:" + clientPort;
        }

        String peerUrl() {
            return "http://127.0.0.1:" + peerPort;
        }
    }

    private final Address address;
    private final Path log;
    private final Process process;

    private DemoMember(Address address, Path log, Process process) {
        this.address = address;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts the member with its data under {@code folder}.
     *
     * @param program the launcher
     */
    static DemoMember start(Path program, Path folder, Address address, List<Address> all)
            throws IOException {
        Path log = folder.resolve(address.name() + ".log");
        String clientUrl = "http://" + address.clientEndpoint();
        Process process = new ProcessBuilder(program.toString(), "server",
                "--name", address.name(),
                "--data-dir", folder.resolve(address.name()).toString(),
                "--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl,
                "--listen-peer-urls", address.peerUrl(), "--initial-advertise-peer-urls",
                address.peerUrl(),
                "--initial-cluster", initialCluster(all), "--initial-cluster-token", "jangada-demo")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        return new DemoMember(address, log, process);
    }

    /** The members as {@code --initial-cluster} wants them. */
    static String initialCluster(List<Address> all) {
        return String.join(",",
                all.stream().map(each -> each.name() + "=" + each.peerUrl()).toList());
    }

    Address address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The last line that the member logged. */
    String lastLogLine() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "(it logged nothing)" : lines.getLast();
    }

    /** Asks the member to stop. */
    void stop() {
        process.destroy();
    }

    /** Waits for the end, and kills the process if it does not come in time. */
    void awaitEnd(long timeoutMillis) {
        try {
            if (process.waitFor(timeoutMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
