// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The medians of all rounds, as a table in Markdown. Not thread-safe. */
final class Table {
    private static final double MICROS_PER_MILLI = 1e3;

    private final Map<Point, Map<ReplicationSystem, List<Figures>>> rounds = new TreeMap<>();

    void add(ReplicationSystem system, Point point, Figures figures) {
        rounds.computeIfAbsent(point, ignored -> new EnumMap<>(ReplicationSystem.class))
                .computeIfAbsent(system, ignored -> new ArrayList<>())
                .add(figures);
    }

    /** A line for each point and system. The ratio is the first system's proposals a second to those of this one. */
    String text() {
        StringBuilder text = new StringBuilder(
                """
                        | payload | in flight | system | proposals/s | ratio | p50 ms | p99 ms | CPU µs each | bytes each |
                        |--:|--:|---|--:|--:|--:|--:|--:|--:|
                        """);
        rounds.forEach((point, systems) -> {
            Optional<Figures> first = systems.values().stream().findFirst().map(Figures::median);
            systems.forEach((system, all) -> {
                Figures median = Figures.median(all);
                text.append(String.format(Locale.ROOT,
                        "| %,d | %,d | %s | %,.0f | %.2f | %.2f | %.2f | %.1f | %,.0f |%n",
                        point.payloadBytes(), point.inFlight(),
                        system.name().toLowerCase(Locale.ROOT), median.perSecond(),
                        first.orElse(median).perSecond() / median.perSecond(),
                        median.p50Micros() / MICROS_PER_MILLI,
                        median.p99Micros() / MICROS_PER_MILLI, median.cpuMicros(),
                        median.allocatedBytes()));
            });
        });
        return text.toString();
    }
}
