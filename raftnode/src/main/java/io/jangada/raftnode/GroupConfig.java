// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static java.util.Objects.requireNonNull;

import io.jangada.raft.ReadOnlyMode;
import java.time.Duration;
import java.util.List;

/**
 * How one group runs on this member. Immutable.
 *
 * @param group names the group among those of a host; the same on all members
 * @param start what to do if the disk has nothing of the group
 * @param members those who begin the group, or whom to ask when joining: this member included, each once
 * @param tick the unit of time; with {@code heartbeatTicks} 1 the heartbeat interval
 * @param electionTimeoutTicks ticks without a leader before a member campaigns, at the least
 * @param heartbeatTicks ticks between heartbeats
 * @param snapshotCount entries applied between two snapshots of the local state, if the log is not too large before
 *     (see {@link GroupLimits})
 * @param catchUpEntries entries kept behind a snapshot, for followers that lag a little
 * @param proposalTimeout after which a proposal or a read that is still open is answered
 * @param preVote whether members ask before they raise their term (Raft thesis 9.6)
 * @param earlyElection whether the first election after a start need not wait for a whole timeout
 * @param readOnly how a leader makes sure that it still leads before it answers a linearizable read; the
 *     same on all members. With LEASE, members that have heard their leader do not vote for an election
 *     timeout, by their own clocks, whose rates may differ by a fifth
 * @param snapshotSender who makes and sends snapshots for members that lag
 * @param limits what is bounded
 */
public record GroupConfig(long group, GroupStart start, List<Member> members, Duration tick,
        int electionTimeoutTicks, int heartbeatTicks, long snapshotCount, long catchUpEntries,
        Duration proposalTimeout, boolean preVote, boolean earlyElection,
        ReadOnlyMode readOnly, SnapshotSender snapshotSender, GroupLimits limits) {

    public GroupConfig {
        members = List.copyOf(members);
        requireNonNull(start, "start");
        require(tick.compareTo(Duration.ofMillis(1)) >= 0, "tick", tick.toNanos(),
                "nanoseconds, below 1 ms");
        require(heartbeatTicks >= 1, "heartbeatTicks", heartbeatTicks, "below 1");
        require(electionTimeoutTicks > heartbeatTicks, "electionTimeoutTicks",
                electionTimeoutTicks, "not above heartbeatTicks " + heartbeatTicks);
        require(snapshotCount >= 1, "snapshotCount", snapshotCount, "below 1");
        require(catchUpEntries >= 0, "catchUpEntries", catchUpEntries, "below 0");
        require(proposalTimeout.compareTo(tick) >= 0, "proposalTimeout",
                proposalTimeout.toNanos(), "nanoseconds, below the tick");
        require(!members.isEmpty(), "members", 0, "in number: at least this member");
        for (Member member : members) {
            long id = member.id();
            long times = members.stream().filter(one -> one.id() == id).count();
            require(times == 1, "members", times, "times member " + Long.toHexString(id));
        }
    }

    private static void require(boolean holds, String name, long value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + " " + bound);
        }
    }

    /** How long a member is bound to a leader that it has heard: an election timeout; 0 without leases. */
    long leasePromiseNanos() {
        return readOnly == ReadOnlyMode.LEASE ? tick.toNanos() * electionTimeoutTicks : 0;
    }

    /** With etcd's defaults: ticks of 100 ms, elections after 1 to 2 s. */
    public static Builder builder(long group, GroupStart start, List<Member> members) {
        return new Builder(group, start, members);
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private final long group;
        private final GroupStart start;
        private final List<Member> members;
        private Duration tick = Duration.ofMillis(100);
        private int electionTimeoutTicks = 10;
        private int heartbeatTicks = 1;
        private long snapshotCount = 100_000;
        private long catchUpEntries = 5_000;
        private Duration proposalTimeout = Duration.ofSeconds(7);
        private boolean preVote = true;
        private boolean earlyElection = true;
        private ReadOnlyMode readOnly = ReadOnlyMode.SAFE;
        private SnapshotSender snapshotSender = SnapshotSender.LEADER;
        private GroupLimits limits = GroupLimits.DEFAULT;

        private Builder(long group, GroupStart start, List<Member> members) {
            this.group = group;
            this.start = start;
            this.members = List.copyOf(members);
        }

        /** Default: 100 ms. */
        public Builder tick(Duration value) {
            tick = value;
            return this;
        }

        /** Default: 10. */
        public Builder electionTimeoutTicks(int value) {
            electionTimeoutTicks = value;
            return this;
        }

        /** Default: 1. */
        public Builder heartbeatTicks(int value) {
            heartbeatTicks = value;
            return this;
        }

        /** Default: 100,000. */
        public Builder snapshotCount(long value) {
            snapshotCount = value;
            return this;
        }

        /** Default: 5,000. */
        public Builder catchUpEntries(long value) {
            catchUpEntries = value;
            return this;
        }

        /** Default: 7 s, which is etcd's: 5 s and two election timeouts of 1 s. */
        public Builder proposalTimeout(Duration value) {
            proposalTimeout = value;
            return this;
        }

        /** Default: true. */
        public Builder preVote(boolean value) {
            preVote = value;
            return this;
        }

        /** Default: true. */
        public Builder earlyElection(boolean value) {
            earlyElection = value;
            return this;
        }

        /** Default: {@link ReadOnlyMode#SAFE}, a quorum for each round of reads. */
        public Builder readOnly(ReadOnlyMode value) {
            readOnly = value;
            return this;
        }

        /** Default: {@link SnapshotSender#LEADER}. */
        public Builder snapshotSender(SnapshotSender value) {
            snapshotSender = value;
            return this;
        }

        /** Default: {@link GroupLimits#DEFAULT}. */
        public Builder limits(GroupLimits value) {
            limits = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is out of bounds; it names value and bound
         */
        public GroupConfig build() {
            return new GroupConfig(group, start, members, tick, electionTimeoutTicks,
                    heartbeatTicks, snapshotCount, catchUpEntries, proposalTimeout, preVote,
                    earlyElection, readOnly, snapshotSender, limits);
        }
    }
}
