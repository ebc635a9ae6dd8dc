// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator gets wrong is answered by one clear line and exit code 1, or 2, and nothing is written. */
class StartErrorsIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--cert-file=x | --cert-file",
        "start | start",
        "--election-timeout=60000 | 50000",
        "--election-timeout=100 | election-timeout",
        "--log-level=loud | loud",
        "--initial-cluster=other=http://127.0.0.1:1 | initial-cluster"})
    void badFlags(String flag, String named) throws Exception {
        assertRefused(
                Program.jangada("server", "--data-dir", folder.resolve("data").toString(), flag),
                named);
        assertNothingWritten();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--no-such-flag | no-such-flag",
        "--listen-peer-urls=nonsense | nonsense",
        "--initial-cluster-state=foo | initial-cluster-state",
        "--heartbeat-interval=abc | --heartbeat-interval"})
    void whatIsNoFlagOfEtcds(String flag, String named) throws Exception {
        Program.Result result = Program.jangada("server", "--data-dir",
                folder.resolve("data").toString(), flag);
        assertThat(result.exitCode()).as(result.output()).isEqualTo(2);
        assertThat(result.output().strip().lines()).hasSize(1).allMatch(
                line -> line.contains(named));
        assertNothingWritten();
    }

    @Test
    void busyPort() throws Exception {
        try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + busy.getLocalPort();
            assertRefused(Program.jangada("server", "--data-dir", folder.resolve("data").toString(),
                    "--listen-client-urls", url, "--advertise-client-urls", url,
                    "--listen-peer-urls", "http://127.0.0.1:0"),
                    Integer.toString(busy.getLocalPort()));
            assertNothingWritten();
        }
    }

    @Test
    void lockedDirectory() throws Exception {
        try (var cluster = new Cluster(1, folder).start()) {
            Path data = cluster.members().getFirst().dataDir();
            assertRefused(serverOn(data), data.toString());
        }
    }

    @Test
    void directoryOfAnotherCluster() throws Exception {
        Path data;
        try (var cluster = new Cluster(1, folder).start()) {
            data = cluster.members().getFirst().dataDir();
            cluster.members().getFirst().stop();
        }
        Path moved = Files.move(data.resolve("member"), folder.resolve("moved"));
        try (var other = new Cluster(1, folder.resolve("other"), "--initial-cluster-token",
                "another").start()) {
            other.members().getFirst().stop();
            Path otherWal = other.members().getFirst().dataDir().resolve("member").resolve("wal");
            deleteTree(otherWal);
            Files.move(moved.resolve("wal"), otherWal);
            other.members().getFirst().start();
            assertThat(other.members().getFirst().awaitExit()).isEqualTo(1);
            assertThat(other.members().getFirst().logged()).containsIgnoringCase("cluster");
        }
    }

    @Test
    void unreadableFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertRefused(serverOn(file), file.toString());
    }

    private static Program.Result serverOn(Path data) throws IOException, InterruptedException {
        return Program.jangada("server", "--data-dir", data.toString(),
                "--listen-client-urls", "http://127.0.0.1:0", "--advertise-client-urls",
                "http://127.0.0.1:1",
                "--listen-peer-urls", "http://127.0.0.1:0");
    }

    private static void assertRefused(Program.Result result, String named) {
        assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains(named).doesNotContain("\tat ");
        assertThat(result.output().strip().lines()).as("one line: %s", result.output()).hasSize(1);
    }

    private void assertNothingWritten() {
        assertThat(folder).isEmptyDirectory();
    }

    private static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
