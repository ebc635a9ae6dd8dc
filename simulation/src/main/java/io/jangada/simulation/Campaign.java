// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
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
 * @param limit in real time, after which none but the first begins
 * @param jobs how many run at the same time, at least 1
 * @param span how long the world is hostile, in virtual time
 * @param allowed what it may do
 * @param sizes those that are not to be the seed's
 */
public record Campaign(long firstSeed, int seeds, Duration limit, int jobs, Duration span,
        Set<Fault> allowed, Map<Size, Integer> sizes) {

    private static final double HOUR_NANOS = 3.6e12;
    private static final double MINUTE_NANOS = 6e10;

    /**
     * What came of it.
     *
     * @param seeds that were run
     * @param broken of which broke a promise
     * @param firstBroken the first of those
     * @param marks how often each rare point was reached
     * @param simulated how long the others' worlds were there
     * @param operations that the others' clients asked for
     * @param applied entries of theirs
     * @param took in real time
     */
    public record Result(long seeds, long broken, Optional<Verdict.Broken> firstBroken,
            SortedMap<String, Long> marks, Duration simulated, long operations, long applied,
            Duration took) {
        /** Copies the map. */
        public Result {
            marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
        }

        /** One line of figures. */
        public String summary() {
            double hours = simulated.toNanos() / HOUR_NANOS;
            return String.format(Locale.ROOT,
                    "%d seeds, %d broken: %.2f simulated hours, %d operations, %d entries;"
                            + " %.2f simulated hours a minute",
                    seeds, broken, hours, operations, applied,
                    hours * MINUTE_NANOS / Math.max(1, took.toNanos()));
        }
    }

    /** What has come of it so far. */
    private static final class Sum {
        private final SortedMap<String, Long> marks = new TreeMap<>();
        private Optional<Verdict.Broken> firstBroken = Optional.empty();
        private Duration simulated = Duration.ZERO;
        private long seeds;
        private long broken;
        private long operations;
        private long applied;

        void add(Verdict verdict) {
            seeds++;
            verdict.marks().forEach((name, count) -> marks.merge(name, count, Long::sum));
            switch (verdict) {
                case Verdict.Kept kept -> {
                    simulated = simulated.plus(kept.simulated());
                    operations += kept.operations();
                    applied += kept.applied();
                }
                case Verdict.Broken one -> {
                    broken++;
                    firstBroken = firstBroken.or(() -> Optional.of(one));
                }
            }
        }

        Result result(Duration took) {
            return new Result(seeds, broken, firstBroken, marks, simulated, operations, applied,
                    took);
        }
    }

    /** Refuses what is out of bounds, at once. */
    public Campaign {
        allowed = Set.copyOf(allowed);
        sizes = Map.copyOf(sizes);
        sizes.forEach(Size::checked);
        if (seeds < 1 || jobs < 1 || !span.isPositive() || !limit.isPositive()) {
            throw new IllegalArgumentException("seeds, jobs and times must be positive: " + seeds
                    + ", " + jobs + ", " + span + ", " + limit);
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
     * @param nowNanos the real time, for the limit and the figures
     */
    public Result run(Consumer<Verdict> told, LongSupplier nowNanos) {
        long begin = nowNanos.getAsLong();
        var sum = new Sum();
        try (ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
            Queue<Future<Verdict>> open = new ArrayDeque<>();
            long next = 0;
            do {
                while (next < seeds && open.size() < 2 * jobs
                        && (next == 0 || nowNanos.getAsLong() - begin < limit.toNanos())) {
                    Scenario scenario = scenario(firstSeed + next++);
                    open.add(workers.submit(() -> Simulation.run(scenario)));
                }
                Verdict verdict = await(open.remove());
                told.accept(verdict);
                sum.add(verdict);
            } while (!open.isEmpty());
        }
        return sum.result(Duration.ofNanos(nowNanos.getAsLong() - begin));
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
