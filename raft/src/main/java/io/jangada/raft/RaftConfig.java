// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.storage.Storage;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What a core is made from (etcd raft: Config). Immutable, apart from the storage, the random
 * generator and the tracer, which belong to the core's thread.
 *
 * @param id this member; not 0, and not -1 or -2, by which etcd's wire format names a member's threads
 * @param storage the stable log
 * @param random draws the election timeouts; the only source of chance
 * @param tracer hears what the core does
 * @param electionTimeoutTicks ticks without a leader before a member campaigns; each time a random
 *     number in [electionTimeoutTicks, 2·electionTimeoutTicks) is drawn (Raft thesis 3.4)
 * @param heartbeatTicks ticks between heartbeats; below electionTimeoutTicks
 * @param campaignDelayTicks ticks that this member waits in addition, so that others are elected
 *     before it: its priority, 0 being the highest; a delay of electionTimeoutTicks leaves it the last
 *     choice, and never keeps a group without leader
 * @param appliedIndex what the state machine holds already; 0 for all from the snapshot on
 * @param asyncStorageWrites whether storage is written through {@link Ready#storageAppend} and
 *     {@link Ready#storageApply}
 * @param maxMessageBytes encoded entries in one append; 0 for one entry at a time
 * @param maxCommittedBytes encoded entries handed out for applying and not yet applied; 0 for
 *     maxMessageBytes
 * @param maxUncommittedBytes payload that a leader takes before it commits; 0 for no limit
 * @param maxUnstableBytes payload, and 64 bytes for each entry, that a follower holds while its storage
 *     writes, which one append may exceed; an append beyond it is refused, and the refusal is sent once
 *     there is room; 0 for no limit
 * @param maxInflightMessages appends on their way to a peer
 * @param maxInflightBytes payload on its way to a peer, which one append may exceed; 0 for no limit
 * @param checkQuorum whether a leader that hears from no quorum for an election timeout steps down
 *     (Raft thesis 6.2), and members that hear from a leader do not vote (4.2.3)
 * @param preVote whether members ask before they raise their term (Raft thesis 9.6)
 * @param readOnly how reads are made safe; LEASE needs checkQuorum
 * @param leasePromiseNanos with LEASE, how long a member that has heard its leader neither votes nor
 *     campaigns, by its own clock; the same on all members, about an election timeout; 0 for never, so
 *     that each read asks a quorum
 * @param leaseDriftPercent with LEASE, by how much the rates of two members' clocks may differ; the
 *     lease is shorter than the promise by as much
 * @param forwardProposals whether a follower sends proposals on to the leader
 * @param validateConfChanges whether a leader refuses changes that cannot be applied
 * @param stepDownOnRemoval whether a leader that is removed or becomes a learner steps down
 * @param stepDownOnStalledStorage whether a leader steps down whose own log writer does nothing for an
 *     election timeout, while others have committed what it owes
 * @param pendingReadsMax reads that a leader keeps waiting for a quorum
 */
public record RaftConfig(
        long id,
        Storage storage,
        RandomGenerator random,
        RaftTracer tracer,
        int electionTimeoutTicks,
        int heartbeatTicks,
        int campaignDelayTicks,
        long appliedIndex,
        boolean asyncStorageWrites,
        long maxMessageBytes,
        long maxCommittedBytes,
        long maxUncommittedBytes,
        long maxUnstableBytes,
        int maxInflightMessages,
        long maxInflightBytes,
        boolean checkQuorum,
        boolean preVote,
        ReadOnlyMode readOnly,
        long leasePromiseNanos,
        int leaseDriftPercent,
        boolean forwardProposals,
        boolean validateConfChanges,
        boolean stepDownOnRemoval,
        boolean stepDownOnStalledStorage,
        int pendingReadsMax) {

    /** The largest election timeout, in ticks. */
    public static final int ELECTION_TIMEOUT_TICKS_MAX = 1 << 20;

    /**
     * Checks every value; {@code maxCommittedBytes} 0 becomes {@code maxMessageBytes}.
     *
     * @throws InvalidConfigException if one is out of bounds; it names value and bound
     */
    public RaftConfig {
        Objects.requireNonNull(storage, "storage");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(tracer, "tracer");
        Objects.requireNonNull(readOnly, "readOnly");
        require(id != 0 && id != -1 && id != -2, "id", id, "neither 0 nor -1 nor -2");
        atLeast(1, heartbeatTicks, "heartbeatTicks");
        require(electionTimeoutTicks > heartbeatTicks
                && electionTimeoutTicks <= ELECTION_TIMEOUT_TICKS_MAX,
                "electionTimeoutTicks", electionTimeoutTicks, "above heartbeatTicks "
                        + heartbeatTicks + " and at most " + ELECTION_TIMEOUT_TICKS_MAX);
        require(campaignDelayTicks >= 0 && campaignDelayTicks <= ELECTION_TIMEOUT_TICKS_MAX,
                "campaignDelayTicks", campaignDelayTicks,
                "in 0 to " + ELECTION_TIMEOUT_TICKS_MAX);
        atLeast(0, appliedIndex, "appliedIndex");
        atLeast(0, maxMessageBytes, "maxMessageBytes");
        atLeast(0, maxCommittedBytes, "maxCommittedBytes");
        atLeast(0, maxUncommittedBytes, "maxUncommittedBytes");
        atLeast(0, maxUnstableBytes, "maxUnstableBytes");
        atLeast(1, maxInflightMessages, "maxInflightMessages");
        require(maxInflightBytes == 0 || maxInflightBytes >= maxMessageBytes,
                "maxInflightBytes", maxInflightBytes,
                "0 or at least maxMessageBytes " + maxMessageBytes);
        atLeast(1, pendingReadsMax, "pendingReadsMax");
        if (readOnly == ReadOnlyMode.LEASE && !checkQuorum) {
            throw new InvalidConfigException("checkQuorum", "false", "true with readOnly LEASE");
        }
        atLeast(0, leasePromiseNanos, "leasePromiseNanos");
        require(leaseDriftPercent >= 0 && leaseDriftPercent <= 99, "leaseDriftPercent",
                leaseDriftPercent, "in 0 to 99");
        maxCommittedBytes = maxCommittedBytes == 0 ? maxMessageBytes : maxCommittedBytes;
    }

    private static void atLeast(long least, long value, String name) {
        require(value >= least, name, value, "at least " + least);
    }

    private static void require(boolean holds, String name, long value, String bound) {
        if (!holds) {
            throw new InvalidConfigException(name, Long.toString(value), bound);
        }
    }

    /** Whether leases are given at all. */
    boolean usesLease() {
        return readOnly == ReadOnlyMode.LEASE && leasePromiseNanos > 0;
    }

    /** With the defaults for all but these three. */
    public static Builder builder(long id, Storage storage, RandomGenerator random) {
        return new Builder(id, storage, random);
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private final long id;
        private final Storage storage;
        private final RandomGenerator random;
        private RaftTracer tracer = RaftTracer.NONE;
        private int electionTimeoutTicks = 10;
        private int heartbeatTicks = 1;
        private int campaignDelayTicks;
        private long appliedIndex;
        private boolean asyncStorageWrites;
        private long maxMessageBytes = 512 * 1024;
        private long maxCommittedBytes = 8 * 1024 * 1024;
        private long maxUncommittedBytes = 64 * 1024 * 1024;
        private long maxUnstableBytes = 256 * 1024 * 1024;
        private int maxInflightMessages = 256;
        private long maxInflightBytes = 64 * 1024 * 1024;
        private boolean checkQuorum = true;
        private boolean preVote = true;
        private ReadOnlyMode readOnly = ReadOnlyMode.SAFE;
        private long leasePromiseNanos;
        private int leaseDriftPercent = 20;
        private boolean forwardProposals = true;
        private boolean validateConfChanges = true;
        private boolean stepDownOnRemoval = true;
        private boolean stepDownOnStalledStorage = true;
        private int pendingReadsMax = 10_000;

        private Builder(long id, Storage storage, RandomGenerator random) {
            this.id = id;
            this.storage = storage;
            this.random = random;
        }

        /** Default: none. */
        public Builder tracer(RaftTracer value) {
            tracer = value;
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

        /** Default: 0, the highest priority. */
        public Builder campaignDelayTicks(int value) {
            campaignDelayTicks = value;
            return this;
        }

        /** Default: 0. */
        public Builder appliedIndex(long value) {
            appliedIndex = value;
            return this;
        }

        /** Default: false. */
        public Builder asyncStorageWrites(boolean value) {
            asyncStorageWrites = value;
            return this;
        }

        /** Default: 512 KiB. */
        public Builder maxMessageBytes(long value) {
            maxMessageBytes = value;
            return this;
        }

        /** Default: 8 MiB. */
        public Builder maxCommittedBytes(long value) {
            maxCommittedBytes = value;
            return this;
        }

        /** Default: 64 MiB. */
        public Builder maxUncommittedBytes(long value) {
            maxUncommittedBytes = value;
            return this;
        }

        /** Default: 256 MiB. */
        public Builder maxUnstableBytes(long value) {
            maxUnstableBytes = value;
            return this;
        }

        /** Default: 256. */
        public Builder maxInflightMessages(int value) {
            maxInflightMessages = value;
            return this;
        }

        /** Default: 64 MiB. */
        public Builder maxInflightBytes(long value) {
            maxInflightBytes = value;
            return this;
        }

        /** Default: true. */
        public Builder checkQuorum(boolean value) {
            checkQuorum = value;
            return this;
        }

        /** Default: true. */
        public Builder preVote(boolean value) {
            preVote = value;
            return this;
        }

        /** Default: {@link ReadOnlyMode#SAFE}. */
        public Builder readOnly(ReadOnlyMode value) {
            readOnly = value;
            return this;
        }

        /** Default: 0. */
        public Builder leasePromiseNanos(long value) {
            leasePromiseNanos = value;
            return this;
        }

        /** Default: 20. */
        public Builder leaseDriftPercent(int value) {
            leaseDriftPercent = value;
            return this;
        }

        /** Default: true. */
        public Builder forwardProposals(boolean value) {
            forwardProposals = value;
            return this;
        }

        /** Default: true. */
        public Builder validateConfChanges(boolean value) {
            validateConfChanges = value;
            return this;
        }

        /** Default: true. */
        public Builder stepDownOnRemoval(boolean value) {
            stepDownOnRemoval = value;
            return this;
        }

        /** Default: true. */
        public Builder stepDownOnStalledStorage(boolean value) {
            stepDownOnStalledStorage = value;
            return this;
        }

        /** Default: 10,000. */
        public Builder pendingReadsMax(int value) {
            pendingReadsMax = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws InvalidConfigException if a value is out of bounds; it names value and bound
         */
        public RaftConfig build() {
            return new RaftConfig(id, storage, random, tracer, electionTimeoutTicks, heartbeatTicks,
                    campaignDelayTicks, appliedIndex, asyncStorageWrites, maxMessageBytes,
                    maxCommittedBytes, maxUncommittedBytes, maxUnstableBytes,
                    maxInflightMessages, maxInflightBytes, checkQuorum, preVote, readOnly,
                    leasePromiseNanos, leaseDriftPercent, forwardProposals,
                    validateConfChanges, stepDownOnRemoval, stepDownOnStalledStorage,
                    pendingReadsMax);
        }
    }
}
