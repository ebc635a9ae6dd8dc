// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raftnode.GroupLimits;
import io.jangada.raftnode.SnapshotSender;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a seed makes of a run: how large the cluster is, what its members allow themselves, and what the world does to
 * it. Immutable.
 *
 * @param seed makes all of it
 * @param sizes how many there are of each
 * @param options how members and clients are
 * @param faults what the world does
 * @param calm how long the world leaves the cluster alone between two faults, on average
 * @param span how long the world is hostile
 */
public record Scenario(long seed, Map<Size, Integer> sizes, Options options, Set<Fault> faults,
        Duration calm,
        Duration span) {

    /**
     * How the members run their group, and how much clients ask of them.
     *
     * @param tick the members' unit of time
     * @param electionTicks without a leader before a member campaigns
     * @param snapshotCount entries between two snapshots
     * @param catchUpEntries entries kept behind a snapshot
     * @param preVote whether members ask before they raise their term
     * @param leaseReads whether the leader answers reads by its lease
     * @param segmentBytes the size of a segment of the log
     * @param appendBytesMax entries in one message to a follower
     * @param snapshotSender who sends snapshots to members that lag
     * @param pause between two requests of a client, at the most
     * @param keys how many keys there are
     */
    public record Options(Duration tick, int electionTicks, long snapshotCount, long catchUpEntries,
            boolean preVote, boolean leaseReads, long segmentBytes, int appendBytesMax,
            SnapshotSender snapshotSender, Duration pause, int keys) {}

    /**
     * Copies sizes and faults, in the order in which they are declared.
     *
     * @throws IllegalArgumentException if there are too few of something
     */
    public Scenario {
        Map<Size, Integer> counts = new EnumMap<>(Size.class);
        for (Size size : Size.values()) {
            counts.put(size, size.checked(sizes.getOrDefault(size, size.least())));
        }
        sizes = Collections.unmodifiableMap(counts);
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
        Map<Size, Integer> sizes = new EnumMap<>(Size.class);
        sizes.put(Size.VOTERS,
                Math.max(1, 1 + 2 * chance.between(0, 3) - (chance.once(6) ? 1 : 0)));
        sizes.put(Size.LEARNERS, chance.once(3) ? chance.between(1, 3) : 0);
        Duration tick = Duration.ofMillis(chance.between(20, 100));
        int electionTicks = chance.between(5, 15);
        long snapshotCount = chance.between(10, 400);
        long catchUpEntries = chance.between(0, 60);
        boolean preVote = !chance.once(4);
        boolean leaseReads = chance.once(3);
        long segmentBytes = 1L << chance.between(13, 18);
        sizes.put(Size.CLIENTS, chance.between(1, 8));
        sizes.put(Size.WATCHERS, Chance.of(seed, "watchers").between(1, 3));
        Chance appends = Chance.of(seed, "appends");
        int appendBytesMax = appends.once(3)
                ? appends.between(1, 2_000)
                : GroupLimits.DEFAULT.appendBytesMax();
        Options options = new Options(tick, electionTicks, snapshotCount, catchUpEntries, preVote,
                leaseReads, segmentBytes, appendBytesMax,
                Chance.of(seed, "snapshots").once(2)
                        ? SnapshotSender.ANY_MEMBER
                        : SnapshotSender.LEADER,
                Duration.ofMillis(chance.between(1, 200)),
                chance.between(1, 30));
        return new Scenario(seed, sizes, options, chosen,
                Duration.ofMillis(chance.between(200, 5_000)), span);
    }

    /** How many there are. */
    public int count(Size size) {
        return sizes.getOrDefault(size, 0);
    }

    /** How long members wait for a leader, at the least. */
    Duration electionTimeout() {
        return options.tick().multipliedBy(options.electionTicks());
    }

    /**
     * The same with {@code count} of {@code size}.
     *
     * @throws IllegalArgumentException if that is too few
     */
    public Scenario with(Size size, int count) {
        Map<Size, Integer> changed = new EnumMap<>(sizes);
        changed.put(size, count);
        return new Scenario(seed, changed, options, faults, calm, span);
    }

    /** The same with these faults. */
    public Scenario withFaults(Set<Fault> only) {
        return new Scenario(seed, sizes, options, only, calm, span);
    }

    /** The same for {@code time}. */
    public Scenario withSpan(Duration time) {
        return new Scenario(seed, sizes, options, faults, calm, time);
    }
}
