// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One run for each of many seeds, some of them at the same time. Immutable.
 *
 * @param firstSeed the first
 * @param seeds how many, at least 1
 * @param jobs how many run at the same time, at least 1
 * @param span how long the world is hostile, in virtual time
 * @param allowed what it may do
 * @param sizes those that are not to be the seed's
 */
public record Campaign(long firstSeed, int seeds, int jobs, Duration span, Set<Fault> allowed,
        Map<Size, Integer> sizes) {

    private static final double HOUR_NANOS = 3.6e12;
    private static final double MINUTE_NANOS = 6e10;

    /**
     * What came of it.
     *
     * @param verdicts in the order of the seeds
     * @param took in real time
     */
    public record Result(List<Verdict> verdicts, Duration took) {
        /** Copies the list. */
        public Result {
            verdicts = List.copyOf(verdicts);
        }

        /** How many seeds broke a promise. */
        public long broken() {
            return verdicts.stream().filter(Verdict.Broken.class::isInstance).count();
        }

        /** The first of those. */
        public Optional<Verdict.Broken> firstBroken() {
            return verdicts.stream().filter(Verdict.Broken.class::isInstance)
                    .map(Verdict.Broken.class::cast).findFirst();
        }

        /** How often each rare point was reached. */
        public SortedMap<String, Long> marks() {
            SortedMap<String, Long> marks = new TreeMap<>();
            verdicts.forEach(verdict -> verdict.marks()
                    .forEach((name, count) -> marks.merge(name, count, Long::sum)));
            return marks;
        }

        /** One line of figures. */
        public String summary() {
            double hours = 0;
            long operations = 0;
            long applied = 0;
            for (Verdict verdict : verdicts) {
                if (verdict instanceof Verdict.Kept kept) {
                    hours += kept.simulated().toNanos() / HOUR_NANOS;
                    operations += kept.operations();
                    applied += kept.applied();
                }
            }
            return String.format(Locale.ROOT,
                    "%d seeds, %d broken: %.2f simulated hours, %d operations, %d entries;"
                            + " %.2f simulated hours a minute",
                    verdicts.size(), broken(), hours, operations, applied,
                    hours * MINUTE_NANOS / Math.max(1, took.toNanos()));
        }
    }

    /** Refuses what is out of bounds, at once. */
    public Campaign {
        allowed = Set.copyOf(allowed);
        sizes = Map.copyOf(sizes);
        sizes.forEach(Size::checked);
        if (seeds < 1 || jobs < 1 || span.isNegative() || span.isZero()) {
            throw new IllegalArgumentException("seeds, jobs and time must be positive: " + seeds
                    + ", " + jobs + ", " + span);
        }
    }

    /** The scenario of {@code seed}. */
    public Scenario scenario(long seed) {
        Scenario scenario = Scenario.of(seed, allowed, span);
        for (Map.Entry<Size, Integer> size : sizes.entrySet()) {
            scenario = scenario.with(size.getKey(), size.getValue());
        }
        return scenario;
    }

    /**
     * Runs all seeds. {@code told} hears of each in the order of the seeds, in the caller's thread.
     *
     * @param nowNanos the real time, for the figures
     */
    public Result run(Consumer<Verdict> told, LongSupplier nowNanos) {
        long begin = nowNanos.getAsLong();
        List<Verdict> verdicts = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
            List<Future<Verdict>> open = new ArrayList<>();
            for (long i = 0; i < seeds; i++) {
                Scenario scenario = scenario(firstSeed + i);
                open.add(workers.submit(() -> Simulation.run(scenario)));
            }
            for (Future<Verdict> one : open) {
                Verdict verdict = await(one);
                told.accept(verdict);
                verdicts.add(verdict);
            }
        }
        return new Result(verdicts, Duration.ofNanos(nowNanos.getAsLong() - begin));
    }

    private static Verdict await(Future<Verdict> run) {
        try {
            return run.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ended);
        }
    }
}
