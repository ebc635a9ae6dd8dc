// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How a run is done again: as a command, as a test, and told in lines. Pure. */
public final class Replay {
    private static final int LINES_MAX = 60;

    private Replay() {}

    /** The name of {@code fault} in commands. */
    public static String name(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String name(Size size) {
        return size.name().toLowerCase(Locale.ROOT);
    }

    /** The command that runs {@code scenario}, where that comes from {@link Scenario#of}, with its sizes changed at most. */
    public static String command(Scenario scenario) {
        StringBuilder text = new StringBuilder("./jangada simulate --seed ")
                .append(scenario.seed()).append(" --time ")
                .append(scenario.span().toMillis()).append("ms --faults ")
                .append(scenario.faults().isEmpty()
                        ? "none"
                        : scenario.faults().stream().map(Replay::name)
                                .collect(Collectors.joining(",")));
        different(scenario).forEach(
                (size, count) -> text.append(" --").append(name(size)).append(' ').append(count));
        return text.toString();
    }

    /** A test method that fails as long as {@code broken} is. */
    public static String test(Verdict.Broken broken) {
        Scenario scenario = broken.scenario();
        StringBuilder text = new StringBuilder("/** ").append(broken.promise())
                .append(". */\n@Test\nvoid seed").append(scenario.seed())
                .append("() {\n    Scenario scenario = Scenario.of(").append(scenario.seed())
                .append("L, ").append(set(scenario.faults()))
                .append(",\n            Duration.ofMillis(")
                .append(scenario.span().toMillis()).append("))");
        different(scenario).forEach(
                (size, count) -> text.append(".with(Size.").append(size).append(", ").append(count)
                        .append(')'));
        return text.append(
                ";\n    assertThat(Simulation.run(scenario)).isInstanceOf(Verdict.Kept.class);\n}")
                .toString();
    }

    /** The last of what happened, and what was then seen. */
    public static List<String> timeline(Verdict.Broken broken) {
        List<String> lines = broken.lines();
        List<String> told = new ArrayList<>(
                lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size()));
        told.add("%.6f ".formatted(broken.at().toNanos() / 1e9) + broken.what());
        return told;
    }

    private static String set(Set<Fault> faults) {
        return faults.isEmpty()
                ? "EnumSet.noneOf(Fault.class)"
                : faults.stream().map(fault -> "Fault." + fault)
                        .collect(Collectors.joining(", ", "EnumSet.of(", ")"));
    }

    /** What is not what the seed alone makes of the same faults and time. */
    private static Map<Size, Integer> different(Scenario scenario) {
        Scenario plain = Scenario.of(scenario.seed(), scenario.faults(),
                Duration.ofMillis(scenario.span().toMillis()));
        Map<Size, Integer> different = new EnumMap<>(scenario.sizes());
        different.entrySet().removeAll(plain.sizes().entrySet());
        return different;
    }
}
