// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated requests, sent to the etcd of this machine and to Jangada: answers, errors, revisions and events are equal,
 * but for {@link KnownDifference}. {@code -Djangada.seed} repeats a run, {@code -Djangada.requests} sets its length.
 */
class DifferentialIT {
    private static final int REQUESTS = Integer.getInteger("jangada.requests", 20_000);

    @Test
    void answersAsEtcdDoes(@TempDir Path folder) throws Exception {
        Optional<Path> program = etcd();
        Assumptions.assumeTrue(program.isPresent(),
                "no etcd 3.4 on this machine (Debian: etcd-server)");
        long seed = Long.getLong("jangada.seed", 1);
        System.out.println("differential test: -Djangada.seed=" + seed + " -Djangada.requests="
                + REQUESTS);
        Path jangada = Path.of(System.getProperty("jangada.dist", "target/dist"), "bin", "etcd");
        try (Server one = Server.start(program.orElseThrow(), folder.resolve("etcd"));
                Server other = Server.start(jangada.toAbsolutePath(), folder.resolve("jangada"))) {
            Duel duel = new Duel(one, other);
            Workload workload = new Workload(duel, seed);
            int events = workload.open(REQUESTS * 4 / 5);
            workload.guarded(REQUESTS - duel.asked());
            System.out.println("differential test: " + duel.asked() + " requests, " + events
                    + " events, revision " + duel.revision() + ", known differences "
                    + duel.known());
            duel.assertEqual();
            assertThat(duel.asked()).isGreaterThanOrEqualTo(REQUESTS);
            assertThat(events).as("events told").isPositive();
        }
    }

    /** The differences that are known are those of 3.4. */
    private static Optional<Path> etcd() throws IOException {
        List<Path> found = Stream.concat(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                Stream.of("/usr/bin"))
                .map(folder -> Path.of(folder, "etcd")).filter(Files::isExecutable).toList();
        for (Path program : found) {
            Process process = new ProcessBuilder(program.toString(), "--version").start();
            String version = new String(process.getInputStream().readAllBytes(),
                    StandardCharsets.UTF_8);
            if (version.startsWith("etcd Version: 3.4.")) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }
}
