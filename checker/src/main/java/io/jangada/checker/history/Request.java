// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.List;

/** What a client asks of the store. Immutable. */
public sealed interface Request {
    /** What may stand in a transaction. */
    sealed interface Op extends Request {}

    /**
     * Writes a key.
     *
     * @param key the key
     * @param value its new value
     * @param lease the lease to attach it to; 0 for none
     * @param prevKv whether to tell the version before
     */
    record Put(Bytes key, Bytes value, long lease, boolean prevKv) implements Op {
        /** Writes without a lease, asking nothing. */
        public Put(Bytes key, Bytes value) {
            this(key, value, 0, false);
        }
    }

    /**
     * Reads keys in their order.
     *
     * @param range which
     * @param revision at which revision; 0 for the latest
     * @param limit how many at most; 0 for all
     * @param content what is told of them
     * @param consistency how fresh it has to be
     */
    record Range(KeyRange range, long revision, long limit, Content content,
            Consistency consistency) implements Op {
        /** Reads one key, linearizably. */
        public Range(Bytes key) {
            this(KeyRange.of(key));
        }

        /** Reads keys, linearizably. */
        public Range(KeyRange range) {
            this(range, 0, 0, Content.KEYS_AND_VALUES, Consistency.LINEARIZABLE);
        }
    }

    /** What a range tells. */
    enum Content {
        /** The versions and how many there are. */
        KEYS_AND_VALUES,
        /** How many there are. */
        COUNT
    }

    /** How fresh a read has to be. */
    enum Consistency {
        /** As fresh as everything that ended before it began. */
        LINEARIZABLE,
        /** A state that the store once had. */
        SERIALIZABLE
    }

    /**
     * Removes keys.
     *
     * @param range which
     * @param prevKv whether to tell the versions before
     */
    record DeleteRange(KeyRange range, boolean prevKv) implements Op {
        /** Removes one key, asking nothing. */
        public DeleteRange(Bytes key) {
            this(KeyRange.of(key), false);
        }
    }

    /**
     * Does one list of things or the other, at one revision. Conditions, also those of transactions
     * inside, are looked at before anything is changed.
     *
     * @param compares the conditions, which must all hold for success
     * @param success what to do then
     * @param failure what to do else
     */
    record Txn(List<Compare> compares, List<Op> success, List<Op> failure) implements Op {
        /** Copies the lists. */
        public Txn {
            compares = List.copyOf(compares);
            success = List.copyOf(success);
            failure = List.copyOf(failure);
        }
    }

    /**
     * Forgets the versions before a revision.
     *
     * @param revision the oldest revision that can be read from then on
     */
    record Compact(long revision) implements Request {}

    /**
     * Makes a lease.
     *
     * @param lease its number
     * @param ttlSeconds how long it lives unless it is kept alive
     */
    record LeaseGrant(long lease, long ttlSeconds) implements Request {}

    /**
     * Ends a lease and removes its keys at one revision.
     *
     * @param lease its number
     */
    record LeaseRevoke(long lease) implements Request {}

    /**
     * Begins the time of a lease anew.
     *
     * @param lease its number
     */
    record LeaseKeepAlive(long lease) implements Request {}
}
