// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.List;

/** What a client was told. Immutable. */
public sealed interface Response {
    /** The store's revision in the header, or 0 if there is none: in a transaction's parts, and where nothing was told. */
    long revision();

    /** The request was carried out. */
    sealed interface Done extends Response {}

    /**
     * Nobody knows whether the request was or will be carried out: it ended with a timeout or a broken
     * connection, or has not ended.
     */
    record Unknown() implements Response {
        @Override
        public long revision() {
            return 0;
        }
    }

    /**
     * The request was certainly not carried out.
     *
     * @param reason why
     */
    record Refused(Reason reason) implements Response {
        @Override
        public long revision() {
            return 0;
        }
    }

    /** Why a request is refused. */
    enum Reason {
        /** The revision asked for is compacted. */
        COMPACTED,
        /** The revision asked for is still to come. */
        FUTURE_REVISION,
        /** There is no such lease. */
        LEASE_NOT_FOUND,
        /** There is such a lease already. */
        LEASE_EXISTS,
        /** Anything else. */
        OTHER
    }

    /**
     * A key was written.
     *
     * @param revision at which revision
     * @param prevKv the version before, if it was asked for and there was one
     */
    record Put(long revision, KeyValue prevKv) implements Done {
        /** Without the version before. */
        public Put(long revision) {
            this(revision, KeyValue.NONE);
        }
    }

    /**
     * What was read.
     *
     * @param revision the store's revision at that time, also if an older one was asked for
     * @param kvs the versions, by ascending key
     * @param count how many keys there are in the range, whatever the limit
     * @param more whether the limit cut some off
     */
    record Range(long revision, List<KeyValue> kvs, long count, boolean more) implements Done {
        /** Copies the list. */
        public Range {
            kvs = List.copyOf(kvs);
        }

        /** All that there is. */
        public Range(long revision, List<KeyValue> kvs) {
            this(revision, kvs, kvs.size(), false);
        }
    }

    /**
     * Keys were removed.
     *
     * @param revision at which revision; the store's if there were none
     * @param deleted how many
     * @param prevKvs the versions before, if they were asked for, by ascending key
     */
    record DeleteRange(long revision, long deleted, List<KeyValue> prevKvs) implements Done {
        /** Copies the list. */
        public DeleteRange {
            prevKvs = List.copyOf(prevKvs);
        }
    }

    /**
     * A transaction was carried out.
     *
     * @param revision at which revision; the store's if it changed nothing
     * @param succeeded whether the conditions held
     * @param responses one for each thing of the list that was done
     */
    record Txn(long revision, boolean succeeded, List<Done> responses) implements Done {
        /** Copies the list. */
        public Txn {
            responses = List.copyOf(responses);
        }
    }

    /**
     * Old versions were forgotten.
     *
     * @param revision the store's revision
     */
    record Compact(long revision) implements Done {}

    /**
     * A lease was made.
     *
     * @param revision the store's revision
     * @param lease its number
     * @param ttlSeconds how long it lives
     */
    record LeaseGrant(long revision, long lease, long ttlSeconds) implements Done {}

    /**
     * A lease was ended.
     *
     * @param revision the revision that removed its keys; the store's if there were none
     */
    record LeaseRevoke(long revision) implements Done {}

    /**
     * A lease lives on.
     *
     * @param revision the store's revision
     * @param ttlSeconds how long from now; 0 if there is no such lease
     */
    record LeaseKeepAlive(long revision, long ttlSeconds) implements Done {}
}
