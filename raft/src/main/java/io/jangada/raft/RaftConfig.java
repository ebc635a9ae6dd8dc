// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.storage.Storage;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What a core is made from (etcd raft: Config). Immutable, apart from the storage, the random
 * generator and the tracer, which belong to the core's thread.
 *
 * @param id this member; not 0
 * @param storage the stable log
 * @param random draws the election timeouts; the only source of chance
 * @param tracer hears what the core does
 * @param electionTimeoutTicks ticks without a leader before a member campaigns; each time a random
 *     number in [electionTimeoutTicks, 2·electionTimeoutTicks) is drawn (Raft thesis 3.4)
 * @param heartbeatTicks ticks between heartbeats; below electionTimeoutTicks
 * @param appliedIndex what the state machine holds already; 0 for all from the snapshot on
 * @param asyncStorageWrites whether storage is written through {@link Ready#storageAppend} and
 *     {@link Ready#storageApply}
 * @param maxMessageBytes encoded entries in one append; 0 for one entry at a time
 * @param maxCommittedBytes encoded entries handed out for applying and not yet applied; 0 for
 *     maxMessageBytes
 * @param maxUncommittedBytes payload that a leader takes before it commits; 0 for no limit
 * @param maxInflightMessages appends on their way to a peer
 * @param maxInflightBytes payload on its way to a peer, which one append may exceed; 0 for no limit
 * @param checkQuorum whether a leader that hears from no quorum for an election timeout steps down
 *     (Raft thesis 6.2), and members that hear from a leader do not vote (4.2.3)
 * @param preVote whether members ask before they raise their term (Raft thesis 9.6)
 * @param readOnly how reads are made safe
 * @param forwardProposals whether a follower sends proposals on to the leader
 * @param validateConfChanges whether a leader refuses changes that cannot be applied
 * @param stepDownOnRemoval whether a leader that is removed or becomes a learner steps down
 * @param pendingReadsMax reads that a leader keeps waiting for a quorum
 */
public record RaftConfig(
        long id,
        Storage storage,
        RandomGenerator random,
        RaftTracer tracer,
        int electionTimeoutTicks,
        int heartbeatTicks,
        long appliedIndex,
        boolean asyncStorageWrites,
        long maxMessageBytes,
        long maxCommittedBytes,
        long maxUncommittedBytes,
        int maxInflightMessages,
        long maxInflightBytes,
        boolean checkQuorum,
        boolean preVote,
        ReadOnlyMode readOnly,
        boolean forwardProposals,
        boolean validateConfChanges,
        boolean stepDownOnRemoval,
        int pendingReadsMax) {

    /** The largest election timeout, in ticks. */
    public static final int ELECTION_TIMEOUT_TICKS_MAX = 1 << 20;

    /** Checks every value; {@code maxCommittedBytes} 0 becomes {@code maxMessageBytes}. */
    public RaftConfig {
        Objects.requireNonNull(storage, "storage");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(tracer, "tracer");
        Objects.requireNonNull(readOnly, "readOnly");
        require(id != 0, "id", id, "must not be 0");
        require(heartbeatTicks > 0, "heartbeatTicks", heartbeatTicks, "must be at least 1");
        require(electionTimeoutTicks > heartbeatTicks
                && electionTimeoutTicks <= ELECTION_TIMEOUT_TICKS_MAX,
                "electionTimeoutTicks", electionTimeoutTicks,
                "must be above heartbeatTicks and at most " + ELECTION_TIMEOUT_TICKS_MAX);
        require(appliedIndex >= 0, "appliedIndex", appliedIndex, "must not be negative");
        require(maxMessageBytes >= 0, "maxMessageBytes", maxMessageBytes, "must not be negative");
        require(maxCommittedBytes >= 0, "maxCommittedBytes", maxCommittedBytes,
                "must not be negative");
        require(maxUncommittedBytes >= 0, "maxUncommittedBytes", maxUncommittedBytes,
                "must not be negative");
        require(maxInflightMessages > 0, "maxInflightMessages", maxInflightMessages,
                "must be at least 1");
        require(maxInflightBytes == 0 || maxInflightBytes >= maxMessageBytes,
                "maxInflightBytes", maxInflightBytes,
                "must be 0 or at least maxMessageBytes " + maxMessageBytes);
        require(checkQuorum || readOnly != ReadOnlyMode.LEASE, "readOnly LEASE with checkQuorum", 0,
                "needs checkQuorum");
        require(pendingReadsMax > 0, "pendingReadsMax", pendingReadsMax, "must be at least 1");
        maxCommittedBytes = maxCommittedBytes == 0 ? maxMessageBytes : maxCommittedBytes;
    }

    private static void require(boolean holds, String name, long value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", " + bound);
        }
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
        private long appliedIndex;
        private boolean asyncStorageWrites;
        private long maxMessageBytes = 512 * 1024;
        private long maxCommittedBytes = 8 * 1024 * 1024;
        private long maxUncommittedBytes = 64 * 1024 * 1024;
        private int maxInflightMessages = 256;
        private long maxInflightBytes = 64 * 1024 * 1024;
        private boolean checkQuorum = true;
        private boolean preVote = true;
        private ReadOnlyMode readOnly = ReadOnlyMode.SAFE;
        private boolean forwardProposals = true;
        private boolean validateConfChanges = true;
        private boolean stepDownOnRemoval = true;
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

        /** Default: 10,000. */
        public Builder pendingReadsMax(int value) {
            pendingReadsMax = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is out of bounds; it names value and bound
         */
        public RaftConfig build() {
            return new RaftConfig(id, storage, random, tracer, electionTimeoutTicks, heartbeatTicks,
                    appliedIndex, asyncStorageWrites, maxMessageBytes, maxCommittedBytes,
                    maxUncommittedBytes, maxInflightMessages, maxInflightBytes, checkQuorum,
                    preVote, readOnly, forwardProposals, validateConfChanges, stepDownOnRemoval,
                    pendingReadsMax);
        }
    }
}
