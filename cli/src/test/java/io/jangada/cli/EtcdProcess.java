// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A cluster of one real etcd. */
final class EtcdProcess implements AutoCloseable {
    private final DemoMember.Address address;
    private final Path dataDir;
    private final Process process;

    private EtcdProcess(DemoMember.Address address, Path dataDir, Process process) {
        this.address = address;
        this.dataDir = dataDir;
        this.process = process;
    }

    static boolean isInstalled() {
        return Program.hasEtcdctl()
                && Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "etcd")));
    }

    /** An empty one. */
    static EtcdProcess start(Path folder) throws IOException {
        return start(Cluster.freeAddress("e1"), folder.resolve("etcd"), folder);
    }

    /** One with what etcdctl restores of {@code snapshot}. */
    static EtcdProcess restored(Path snapshot, Path folder)
            throws IOException, InterruptedException {
        DemoMember.Address address = Cluster.freeAddress("e1");
        Files.createDirectories(folder);
        Path dataDir = folder.resolve("etcd-restored");
        Program.Result restored = Program.run(Map.of("ETCDCTL_API", "3"),
                List.of("etcdctl", "snapshot", "restore", snapshot.toString(), "--name", "e1",
                        "--data-dir", dataDir.toString(),
                        "--initial-cluster", "e1=" + address.peerUrl(),
                        "--initial-advertise-peer-urls", address.peerUrl()));
        if (restored.exitCode() != 0) {
            throw new IOException(restored.output());
        }
        return start(address, dataDir, folder);
    }

    private static EtcdProcess start(DemoMember.Address address, Path dataDir, Path folder)
            throws IOException {
        Path log = folder.resolve("etcd.log");
        Process process = new ProcessBuilder("etcd", "--name", address.name(), "--data-dir",
                dataDir.toString(), "--listen-client-urls", "http://" + address.clientEndpoint(),
                "--advertise-client-urls", "http://" + address.clientEndpoint(),
                "--listen-peer-urls", address.peerUrl(), "--initial-advertise-peer-urls",
                address.peerUrl(), "--initial-cluster", address.name() + "=" + address.peerUrl())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        EtcdProcess started = new EtcdProcess(address, dataDir, process);
        try {
            Cluster.await("etcd", 30, started::answers);
        } catch (AssertionError late) {
            started.close();
            throw new AssertionError(Files.readString(log), late);
        }
        return started;
    }

    private boolean answers() {
        try {
            Program.Result health = Program.etcdctl(endpoint(), "endpoint", "health");
            return health.exitCode() == 0 || health.output().contains("user name is empty");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String endpoint() {
        return address.clientEndpoint();
    }

    /** The database, as it is while etcd runs or after it was stopped. */
    Path database() {
        return dataDir.resolve("member").resolve("snap").resolve("db");
    }

    /** Stops it in order; what it has is then in {@link #database}. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("etcd does not stop");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
