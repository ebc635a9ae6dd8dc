// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a seed makes of a run: how large the cluster is, what its members allow themselves, and what the world does to
 * it. Immutable.
 *
 * @param seed makes all of it
 * @param voters who begin, 1 to 7
 * @param learners who are added at once, 0 to 3
 * @param tick the members' unit of time
 * @param electionTicks without a leader before a member campaigns
 * @param snapshotCount entries between two snapshots
 * @param catchUpEntries entries kept behind a snapshot
 * @param preVote whether members ask before they raise their term
 * @param leaseReads whether the leader answers reads by its lease
 * @param segmentBytes the size of a segment of the log
 * @param clients who ask at the same time
 * @param watchers who watch keys at the same time
 * @param pause between two requests of a client, at the most
 * @param keys how many keys there are
 * @param faults what the world does
 * @param calm how long the world leaves the cluster alone between two faults, on average
 * @param span how long the world is hostile
 */
public record Scenario(long seed, int voters, int learners, Duration tick, int electionTicks,
        long snapshotCount, long catchUpEntries, boolean preVote, boolean leaseReads,
        long segmentBytes, int clients, int watchers, Duration pause, int keys, Set<Fault> faults,
        Duration calm,
        Duration span) {

    /** Copies the set, in the order of {@link Fault}. */
    public Scenario {
        Set<Fault> ordered = EnumSet.noneOf(Fault.class);
        ordered.addAll(faults);
        faults = Collections.unmodifiableSet(ordered);
    }

    /** The scenario of a seed, with those of {@code allowed} that the seed chooses. */
    public static Scenario of(long seed, Set<Fault> allowed, Duration span) {
        Chance chance = Chance.of(seed, "scenario");
        Set<Fault> chosen = EnumSet.noneOf(Fault.class);
        Chance faults = Chance.of(seed, "faults");
        for (Fault fault : Fault.values()) {
            if (faults.permille(600) && allowed.contains(fault)) {
                chosen.add(fault);
            }
        }
        return new Scenario(seed, 1 + 2 * chance.between(0, 3) - (chance.once(6) ? 1 : 0),
                chance.once(3) ? chance.between(1, 3) : 0,
                Duration.ofMillis(chance.between(20, 100)),
                chance.between(5, 15), chance.between(10, 400), chance.between(0, 60),
                !chance.once(4),
                chance.once(3), 1L << chance.between(13, 18), chance.between(1, 8),
                Chance.of(seed, "watchers").between(1, 3),
                Duration.ofMillis(chance.between(1, 200)), chance.between(1, 30), chosen,
                Duration.ofMillis(chance.between(200, 5_000)), span).withSomebody();
    }

    private Scenario withSomebody() {
        return voters >= 1 ? this : withVoters(1);
    }

    /** The same with {@code count} voters. */
    public Scenario withVoters(int count) {
        return new Scenario(seed, count, learners, tick, electionTicks, snapshotCount,
                catchUpEntries, preVote,
                leaseReads, segmentBytes, clients, watchers, pause, keys, faults, calm, span);
    }

    /** The same with {@code count} learners. */
    public Scenario withLearners(int count) {
        return new Scenario(seed, voters, count, tick, electionTicks, snapshotCount,
                catchUpEntries, preVote,
                leaseReads, segmentBytes, clients, watchers, pause, keys, faults, calm, span);
    }

    /** The same with these faults. */
    public Scenario withFaults(Set<Fault> only) {
        return new Scenario(seed, voters, learners, tick, electionTicks, snapshotCount,
                catchUpEntries, preVote,
                leaseReads, segmentBytes, clients, watchers, pause, keys, only, calm, span);
    }

    /** The same with {@code count} clients. */
    public Scenario withClients(int count) {
        return new Scenario(seed, voters, learners, tick, electionTicks, snapshotCount,
                catchUpEntries, preVote,
                leaseReads, segmentBytes, count, watchers, pause, keys, faults, calm, span);
    }

    /** The same with {@code count} watchers. */
    public Scenario withWatchers(int count) {
        return new Scenario(seed, voters, learners, tick, electionTicks, snapshotCount,
                catchUpEntries, preVote,
                leaseReads, segmentBytes, clients, count, pause, keys, faults, calm, span);
    }

    /** The same for {@code time}. */
    public Scenario withSpan(Duration time) {
        return new Scenario(seed, voters, learners, tick, electionTicks, snapshotCount,
                catchUpEntries, preVote,
                leaseReads, segmentBytes, clients, watchers, pause, keys, faults, calm, time);
    }
}
