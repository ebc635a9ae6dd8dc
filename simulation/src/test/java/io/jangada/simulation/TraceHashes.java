// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;

/** A program that prints what a few runs did, in hashes. */
final class TraceHashes {
    private static final long[] SEEDS = {1, 2, 3, 4, 5, 6};
    private static final Duration SPAN = Duration.ofSeconds(10);

    private TraceHashes() {}

    public static void main(String[] args) {
        lines().forEach(System.out::println);
    }

    /** A line for each seed. */
    static List<String> lines() {
        return LongStream.of(SEEDS).mapToObj(seed -> {
            Verdict verdict = Simulation
                    .run(Scenario.of(seed, EnumSet.allOf(Fault.class), SPAN));
            return "%d %016x %s".formatted(seed, verdict.traceHash(),
                    verdict.getClass().getSimpleName());
        }).toList();
    }
}
