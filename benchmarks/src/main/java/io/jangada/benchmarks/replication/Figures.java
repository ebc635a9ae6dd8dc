// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What one window, or the median of several, has shown.
 *
 * @param perSecond proposals applied in a second
 * @param p50Micros median latency, from the call that proposes to the answer
 * @param p99Micros latency that one in a hundred exceeds
 * @param cpuMicros CPU time of the process, all members and the load, for a proposal
 * @param allocatedBytes bytes of the Java heap that all threads allocated for a proposal
 */
record Figures(double perSecond, double p50Micros, double p99Micros, double cpuMicros,
        double allocatedBytes) {

    private static final String MARK = "figures";
    private static final int FIELDS = 8;

    /** The line by which a measured process tells of {@code point}. */
    String line(Point point) {
        return String.format(Locale.ROOT, "%s %d %d %.3f %.3f %.3f %.3f %.3f", MARK,
                point.payloadBytes(), point.inFlight(), perSecond, p50Micros, p99Micros, cpuMicros,
                allocatedBytes);
    }

    /** What a measured process has told of. */
    record Told(Point point, Figures figures) {}

    /** What {@code line} tells; empty if it is something else that was printed. */
    static Optional<Told> parse(String line) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != FIELDS || !words[0].equals(MARK)) {
            return Optional.empty();
        }
        double[] values = new double[FIELDS - 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.parseDouble(words[i + 1]);
        }
        return Optional.of(new Told(new Point((int) values[0], (int) values[1]),
                new Figures(values[2], values[3], values[4], values[5], values[6])));
    }

    /** The median of each figure by itself; the mean of the two in the middle of an even number. */
    static Figures median(List<Figures> rounds) {
        return new Figures(median(rounds, Figures::perSecond), median(rounds, Figures::p50Micros),
                median(rounds, Figures::p99Micros), median(rounds, Figures::cpuMicros),
                median(rounds, Figures::allocatedBytes));
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> of) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
