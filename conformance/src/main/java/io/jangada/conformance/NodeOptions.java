// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.conformance.Output.CommandFailed;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.ReadOnlyMode;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Snapshot;
import java.util.List;

/** How the nodes of one command are made. */
record NodeOptions(Directive directive, Snapshot snapshot) {
    static final int ELECTION_TICKS = 3;

    static NodeOptions of(Directive directive) throws CommandFailed {
        boolean bootstrapped = List.of("voters", "learners", "index", "content").stream()
                .anyMatch(key -> directive.values(key).isPresent());
        return new NodeOptions(directive,
                bootstrapped ? bootstrap(directive) : Snapshot.EMPTY);
    }

    private static Snapshot bootstrap(Directive directive) throws CommandFailed {
        long index = directive.number("index", 0);
        if (index <= 1) {
            throw new CommandFailed("index must be specified as > 1 due to bootstrap");
        }
        var conf = new ConfState(directive.ids("voters"), directive.ids("learners"), List.of(),
                List.of(), false);
        return new Snapshot(new EntryId(1, index), conf,
                Bytes.utf8(directive.value("content").orElse("")));
    }

    RaftConfig.Builder apply(RaftConfig.Builder builder) {
        return builder.electionTimeoutTicks(ELECTION_TICKS)
                .heartbeatTicks(1)
                .appliedIndex(snapshot.index())
                .asyncStorageWrites(directive.isTrue("async-storage-writes"))
                .maxMessageBytes(Long.MAX_VALUE)
                .maxCommittedBytes(directive.number("max-committed-size-per-ready", 0))
                .maxUncommittedBytes(0)
                .maxInflightMessages(
                        Math.toIntExact(directive.number("inflight", Integer.MAX_VALUE)))
                .maxInflightBytes(0)
                .checkQuorum(directive.isTrue("checkquorum"))
                .preVote(directive.isTrue("prevote"))
                .readOnly(readOnly())
                .validateConfChanges(!directive.isTrue("disable-conf-change-validation"))
                .stepDownOnRemoval(directive.isTrue("step-down-on-removal"))
                .stepDownOnStalledStorage(false);
    }

    private ReadOnlyMode readOnly() {
        return switch (directive.value("read-only").orElse("safe")) {
            case "safe" -> ReadOnlyMode.SAFE;
            case "lease-based" -> ReadOnlyMode.LEASE;
            default ->
                throw new IllegalArgumentException("read-only is neither safe nor lease-based");
        };
    }
}
