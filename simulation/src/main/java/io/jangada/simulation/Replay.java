// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /** The command that runs {@code scenario}, where that comes from {@link Scenario#of}, with its sizes changed at most. */
    public static String command(Scenario scenario) {
        Scenario plain = plain(scenario);
        StringBuilder text = new StringBuilder("./jangada simulate --seed ")
                .append(scenario.seed()).append(" --time ")
                .append(scenario.span().toMillis()).append("ms --faults ")
                .append(scenario.faults().isEmpty()
                        ? "none"
                        : scenario.faults().stream().map(Replay::name)
                                .collect(Collectors.joining(",")));
        if (scenario.voters() != plain.voters()) {
            text.append(" --voters ").append(scenario.voters());
        }
        if (scenario.learners() != plain.learners()) {
            text.append(" --learners ").append(scenario.learners());
        }
        if (scenario.clients() != plain.clients()) {
            text.append(" --clients ").append(scenario.clients());
        }
        if (scenario.watchers() != plain.watchers()) {
            text.append(" --watchers ").append(scenario.watchers());
        }
        return text.toString();
    }

    /** A test method that fails as long as {@code broken} is. */
    public static String test(Verdict.Broken broken) {
        Scenario scenario = broken.scenario();
        Scenario plain = plain(scenario);
        StringBuilder text = new StringBuilder("/** ").append(broken.promise())
                .append(". */\n@Test\nvoid seed").append(scenario.seed())
                .append("() {\n    Scenario scenario = Scenario.of(").append(scenario.seed())
                .append("L, ").append(set(scenario.faults()))
                .append(",\n            Duration.ofMillis(")
                .append(scenario.span().toMillis()).append("))");
        if (scenario.voters() != plain.voters()) {
            text.append(".withVoters(").append(scenario.voters()).append(')');
        }
        if (scenario.learners() != plain.learners()) {
            text.append(".withLearners(").append(scenario.learners()).append(')');
        }
        if (scenario.clients() != plain.clients()) {
            text.append(".withClients(").append(scenario.clients()).append(')');
        }
        if (scenario.watchers() != plain.watchers()) {
            text.append(".withWatchers(").append(scenario.watchers()).append(')');
        }
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

    /** What the seed alone makes of the same faults and time. */
    private static Scenario plain(Scenario scenario) {
        Duration span = Duration.ofMillis(scenario.span().toMillis());
        return Scenario.of(scenario.seed(), scenario.faults(), span);
    }
}
