// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Runs one seed after the other until one is broken: how long a bug would live. */
public final class Hunt {
    private static final int SURVIVED = 3;

    private Hunt() {}

    /**
     * Prints one line: {@code killed}, the seed, the seconds it took and what was broken, separated by tabs; or
     * {@code survived}, how many seeds, and the seconds; then the process ends with status 3.
     *
     * @param arguments the first seed, how many at the most, for how many virtual seconds the world is hostile, and if
     *     not all: which faults it may choose from, separated by commas
     */
    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        Duration span = Duration.ofSeconds(Long.parseLong(arguments[2]));
        Set<Fault> faults = arguments.length > 3
                ? faults(arguments[3])
                : EnumSet.allOf(Fault.class);
        long begunNanos = System.nanoTime();
        for (long seed = first; seed < first + count; seed++) {
            if (Simulation.run(Scenario.of(seed, faults, span)) instanceof Verdict.Broken broken) {
                System.out.println("killed\t" + seed + "\t" + seconds(begunNanos) + "\t"
                        + broken.what().replaceAll("\\s+", " "));
                return;
            }
        }
        System.out.println("survived\t" + count + "\t" + seconds(begunNanos));
        System.exit(SURVIVED);
    }

    private static Set<Fault> faults(String names) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (String name : names.split(",", -1)) {
            faults.add(Fault.valueOf(name));
        }
        return faults;
    }

    private static String seconds(long begunNanos) {
        return "%.1f".formatted((System.nanoTime() - begunNanos) / 1e9);
    }
}
