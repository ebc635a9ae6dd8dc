// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Does faults, one or two at a time, each kind as often as the others, with calm between, mostly until every member
 * serves. Belongs to one thread.
 */
final class Nemesis {
    private static final int CALM_MILLIS_MIN = 500;
    private static final int CALM_MILLIS_MAX = 2_500;
    private static final int FAULT_MILLIS_MIN = 500;
    private static final int FAULT_MILLIS_MAX = 5_000;
    /** One of so many faults is followed by the next without waiting for recovery. */
    private static final int HASTE = 5;
    private static final long RECOVERY_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);
    private static final int LOOK_MILLIS = 100;

    private final Cluster cluster;
    private final List<FaultKind> kinds;
    private final SplittableRandom random;
    private final Faults faults;
    private final Clock clock;
    private final Consumer<String> timeline;
    private final Deque<FaultKind> dealt = new ArrayDeque<>();
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    private int exits;

    /**
     * One who has done nothing yet.
     *
     * @param timeline is told one line for each beginning and end
     */
    Nemesis(Cluster cluster, Collection<FaultKind> kinds, long seed, Clock clock,
            Consumer<String> timeline) {
        this.cluster = cluster;
        this.kinds = kinds.stream().sorted().toList();
        this.clock = clock;
        this.timeline = timeline;
        random = new SplittableRandom(seed ^ 0x6661756c74L);
        faults = new Faults(cluster, random.split());
    }

    /** Until {@code endNanos}; all is undone when it returns. */
    void run(long endNanos) throws IOException, InterruptedException {
        while (pause(between(CALM_MILLIS_MIN, CALM_MILLIS_MAX), endNanos) && !kinds.isEmpty()) {
            List<FaultKind> chosen = choose();
            List<Fault> begun = new ArrayList<>();
            try {
                for (FaultKind kind : chosen) {
                    Fault fault = faults.next(kind);
                    begun.add(fault);
                    tell("begin", fault);
                    fault.begin();
                    counts.merge(kind, 1, Integer::sum);
                }
                pause(between(FAULT_MILLIS_MIN, FAULT_MILLIS_MAX), endNanos);
            } finally {
                for (Fault fault : begun) {
                    fault.end();
                    tell("end", fault);
                }
                restartEnded();
            }
            if (random.nextInt(HASTE) != 0) {
                awaitRecovery(endNanos);
            }
        }
    }

    /** A cluster that never recovers shows little; one that is not always let recover shows more. */
    private void awaitRecovery(long endNanos) throws InterruptedException {
        long last = Math.min(endNanos, clock.nanos() + RECOVERY_NANOS_MAX);
        while (clock.nanos() < last && !cluster.isReady()) {
            pause(LOOK_MILLIS, last);
        }
    }

    /** A member that has ended by itself is started again, as an init system would. */
    private void restartEnded() throws IOException {
        for (Member member : cluster.members()) {
            if (!member.isAlive()) {
                exits++;
                timeline.accept(String.format(Locale.ROOT,
                        "%9.3f s  %s has ended by itself, and is started again", clock.seconds(),
                        member.name()));
                member.start();
            }
        }
    }

    private List<FaultKind> choose() {
        Set<FaultKind> chosen = new HashSet<>(Set.of(deal()));
        if (random.nextInt(3) == 0) {
            chosen.add(deal());
        }
        return chosen.stream().sorted().toList();
    }

    /** From a deck of all kinds, shuffled when it is empty. */
    private FaultKind deal() {
        if (dealt.isEmpty()) {
            List<FaultKind> deck = new ArrayList<>(kinds);
            Collections.shuffle(deck, new Random(random.nextLong()));
            dealt.addAll(deck);
        }
        return dealt.removeFirst();
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** False once {@code endNanos} is reached. */
    private boolean pause(int millis, long endNanos) throws InterruptedException {
        long left = endNanos - clock.nanos();
        TimeUnit.NANOSECONDS
                .sleep(Math.max(0, Math.min(TimeUnit.MILLISECONDS.toNanos(millis), left)));
        return clock.nanos() < endNanos;
    }

    private void tell(String what, Fault fault) {
        timeline.accept(String.format(Locale.ROOT, "%9.3f s  %-5s %s", clock.seconds(), what,
                fault.text()));
    }

    /** How often each kind was done. */
    Map<FaultKind, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** How often a member had ended by itself. */
    int exits() {
        return exits;
    }
}
