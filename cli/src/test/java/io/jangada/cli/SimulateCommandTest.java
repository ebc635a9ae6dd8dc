// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SimulateCommandTest {
    private record Ended(int code, String out, String err) {}

    @Test
    void tellsTheFiguresOfSeedsThatKeepEveryPromise() {
        Ended ended = run("--seed", "1", "--seeds", "2", "--time", "2s", "--faults", "none",
                "--jobs", "2");
        assertThat(ended.out()).startsWith("seeds 1 to 2").contains("2 seeds, 0 broken: ")
                .contains(" simulated hours a minute").contains("rare points; not: ");
        assertThat(ended.code()).isZero();
    }

    @Test
    void printsAFreshSeed() {
        assertThat(run("--time", "1s", "--faults", "none").out()).containsPattern(
                "^seeds (\\d+) to \\1\\R");
    }

    @Test
    void beginsNoSeedWhenTheTimeIsOver() {
        Ended ended = run("--seed", "7", "--for", "1ns", "--time", "1s", "--faults", "none");
        assertThat(ended.out()).startsWith("seeds 7 and those that follow")
                .contains("1 seeds, 0 broken: ");
        assertThat(ended.code()).isZero();
    }

    @Test
    void failsWhereRarePointsAreRequiredAndMissing() {
        assertThat(run("--seed", "1", "--time", "1s", "--faults", "none", "--require-marks")
                .code()).isEqualTo(2);
    }

    @Test
    void refusesWhatItCannotRun() {
        assertThat(run("--faults", "crash,rain").err()).startsWith("jangada: --faults: no fault "
                + "\"rain\"; there are [crash, kill, ");
        assertThat(run("--faults", "rain").code()).isEqualTo(2);
        assertThat(run("--time", "soon").code()).isEqualTo(2);
        assertThat(run("--seeds", "0").code()).isEqualTo(2);
        assertThat(run("--for", "0s").code()).isEqualTo(2);
    }

    private static Ended run(String... flags) {
        String[] args = new String[flags.length + 1];
        args[0] = "simulate";
        System.arraycopy(flags, 0, args, 1, flags.length);
        PrintStream console = System.out;
        PrintStream errors = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return new Ended(Main.run(args), out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(console);
            System.setErr(errors);
        }
    }
}
