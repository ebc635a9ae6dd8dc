// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tool as it is run: it passes what is sound, and finds what is not. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class TortureIT {
    private static final long SECONDS_MAX = 330;

    private record Ended(int code, String output) {}

    @Test
    void threeMembersKeepTheirPromises(@TempDir Path folder) throws Exception {
        Path history = folder.resolve("history.jsonl");
        Ended ended = torture(folder, "--faults", "kill,pause,partition", "--seed", "1", "--time",
                "20s", "--history", history.toString());
        assertThat(ended.output).contains("seed 1\n").contains("begin kill ")
                .contains("begin pause ").contains("begin cut: ").contains("passed: ");
        assertThat(ended.code).as(ended.output).isZero();
        assertThat(Program.jangada("check-history", history.toString()).exitCode()).isZero();
    }

    /** At the second start of a member a copy of its data is made; at each later one the copy takes its place. */
    @Test
    void membersThatForgetAreFound(@TempDir Path folder) throws Exception {
        Path server = Files.writeString(folder.resolve("forgetful"), """
                #!/usr/bin/env bash
                set -eu
                for ((i = 1; i < $#; i++)); do
                  if [ "${!i}" = --data-dir ]; then next=$((i + 1)); data=${!next}; fi
                done
                if [ -e "$data.old" ]; then
                  rm -rf "$data"
                  cp -a "$data.old" "$data"
                elif [ -e "$data" ]; then
                  cp -a "$data" "$data.old"
                fi
                exec "%s" server "$@"
                """.formatted(Program.path()));
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path picture = folder.resolve("picture.html");
        Ended ended = torture(folder, "--server", server.toString(), "--faults", "kill-all",
                "--seed", "2", "--time", "60s", "--html", picture.toString());
        assertThat(ended.output).contains("violated: ");
        assertThat(ended.code).as(ended.output).isEqualTo(1);
        assertThat(picture).content().contains("<html");
    }

    @Test
    void whatCannotStartIsTold(@TempDir Path folder) throws Exception {
        assertThat(torture(folder, "--server", "/bin/false", "--time", "1s").code).isEqualTo(2);
        assertThat(Program.jangada("torture", "--faults", "flood").exitCode()).isEqualTo(2);
        assertThat(Program.jangada("torture", "--flood").exitCode()).isEqualTo(2);
    }

    /** Longer than {@link Program} waits. */
    private static Ended torture(Path folder, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Program.path(), "torture", "--dir",
                folder.resolve("cluster").toString(), "--rate", "100"));
        command.addAll(List.of(options));
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("JANGADA_HEAP_MAX", "512m"));
        Process process = builder.start();
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("still runs: " + Files.readString(output));
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }
}
