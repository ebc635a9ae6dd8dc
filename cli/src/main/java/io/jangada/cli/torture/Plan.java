// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is to be run. Immutable.
 *
 * @param server the program and its first arguments; etcd's flags follow them
 * @param folder where data and logs go; empty or not there yet
 * @param members how many, 1 to 9
 * @param time how long the load and the faults last
 * @param faults which; none for load alone
 * @param seed decides what is asked and which faults come in which order
 * @param clients how many ask, 1 to 256
 * @param rate how many operations a second all of them ask together, at most
 * @param keys how many keys there are, 1 to 10,000
 */
public record Plan(List<String> server, Path folder, int members, Duration time,
        Set<FaultKind> faults, long seed, int clients, int rate, int keys) {

    /** More are not kept in memory. */
    public static final long OPERATIONS_MAX = 2_000_000;

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if a number is out of range, or the load would be more than
     *         {@link #OPERATIONS_MAX} operations
     */
    public Plan {
        server = List.copyOf(server);
        faults = Set.copyOf(faults);
        between("members", members, 1, 9);
        between("clients", clients, 1, 256);
        between("keys", keys, 1, 10_000);
        between("rate", rate, 1, 1_000_000);
        between("seconds of time", time.toSeconds(), 1, 604_800);
        if (rate * time.toSeconds() > OPERATIONS_MAX) {
            throw new IllegalArgumentException(rate + " operations/s for " + time.toSeconds()
                    + " s are more than the " + OPERATIONS_MAX
                    + " that can be kept: less of --rate or --time");
        }
    }

    private static void between(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + ": " + value + ", not from " + least + " to " + most);
        }
    }
}
