// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks for a smaller scenario that breaks the same promise: shorter, with fewer faults, clients and members. Each step
 * that still breaks is kept, until no step does or the runs are used up.
 */
public final class Shrinking {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final Function<Scenario, Verdict> runner;
    private Verdict.Broken smallest;
    private int runsLeft;

    private Shrinking(Function<Scenario, Verdict> runner, Verdict.Broken broken, int runsMax) {
        this.runner = runner;
        smallest = broken;
        runsLeft = runsMax;
    }

    /**
     * The smallest that is found.
     *
     * @param broken what was found first
     * @param runsMax how many runs this may take, at most
     */
    public static Verdict.Broken shrink(Verdict.Broken broken, int runsMax) {
        return shrink(Simulation::run, broken, runsMax);
    }

    /** The same, with another way to run. */
    static Verdict.Broken shrink(Function<Scenario, Verdict> runner, Verdict.Broken broken,
            int runsMax) {
        Shrinking shrinking = new Shrinking(runner, broken, runsMax);
        boolean smaller = true;
        while (smaller && shrinking.runsLeft > 0) {
            smaller = shrinking.oneRound();
        }
        return shrinking.smallest;
    }

    private boolean oneRound() {
        boolean smaller = false;
        for (Fault fault : smallest.scenario().faults()) {
            smaller |= attempt(without(fault));
        }
        List<Function<Scenario, Scenario>> steps = List.of(
                one -> one.withSpan(upTo(smallest.at())),
                one -> one.withSpan(one.span().dividedBy(2)),
                one -> fewer(one, Size.CLIENTS, 1),
                one -> fewer(one, Size.CLIENTS, (one.count(Size.CLIENTS) + 1) / 2),
                one -> fewer(one, Size.WATCHERS, 0),
                one -> fewer(one, Size.LEARNERS, 0),
                one -> fewer(one, Size.VOTERS, 1),
                one -> fewer(one, Size.VOTERS, 3),
                one -> fewer(one, Size.VOTERS, one.count(Size.VOTERS) - 1));
        for (Function<Scenario, Scenario> step : steps) {
            smaller |= attempt(step.apply(smallest.scenario()));
        }
        return smaller;
    }

    private static Scenario fewer(Scenario scenario, Size size, int count) {
        return scenario.with(size, Math.max(size.least(), count));
    }

    private Scenario without(Fault fault) {
        Set<Fault> fewer = EnumSet.noneOf(Fault.class);
        fewer.addAll(smallest.scenario().faults());
        fewer.remove(fault);
        return smallest.scenario().withFaults(fewer);
    }

    /** A time to stop at that changes nothing of what was before. */
    private static Duration upTo(Duration at) {
        return Duration.ofMillis(at.toMillis() + 1);
    }

    private boolean attempt(Scenario scenario) {
        if (runsLeft == 0 || !isSmaller(scenario, smallest.scenario())) {
            return false;
        }
        runsLeft--;
        if (runner.apply(scenario) instanceof Verdict.Broken broken
                && broken.promise().equals(smallest.promise())) {
            smallest = broken;
            return true;
        }
        return false;
    }

    /** Whether {@code one} has nothing more than {@code other}, and something less. */
    private static boolean isSmaller(Scenario one, Scenario other) {
        List<Long> less = new ArrayList<>(
                List.of((long) other.faults().size() - one.faults().size(),
                        other.span().minus(one.span()).toMillis()));
        one.sizes().forEach((size, count) -> less.add((long) other.count(size) - count));
        return one.span().compareTo(SHORTEST) >= 0
                && less.stream().allMatch(difference -> difference >= 0)
                && less.stream().anyMatch(difference -> difference > 0);
    }
}
