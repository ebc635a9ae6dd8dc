// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.conformance;

import io.jangada.raft.RaftConfig;
import io.jangada.raft.ReadOnlyMode;
import io.jangada.raft.conformance.Output.CommandFailed;
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
        long index = Long.parseLong(directive.value("index", "0"));
        if (index <= 1) {
            throw new CommandFailed("index must be specified as > 1 due to bootstrap");
        }
        var conf = new ConfState(ids(directive, "voters"), ids(directive, "learners"), List.of(),
                List.of(), false);
        return new Snapshot(new EntryId(1, index), conf,
                Bytes.utf8(directive.value("content", "")));
    }

    private static List<Long> ids(Directive directive, String key) {
        return directive.values(key).orElse(List.of()).stream().map(Long::valueOf).toList();
    }

    RaftConfig.Builder apply(RaftConfig.Builder builder) {
        return builder.electionTimeoutTicks(ELECTION_TICKS)
                .heartbeatTicks(1)
                .appliedIndex(snapshot.index())
                .asyncStorageWrites(directive.isTrue("async-storage-writes"))
                .maxMessageBytes(Long.MAX_VALUE)
                .maxCommittedBytes(
                        Long.parseLong(directive.value("max-committed-size-per-ready", "0")))
                .maxUncommittedBytes(0)
                .maxInflightMessages(
                        Integer.parseInt(directive.value("inflight", "" + Integer.MAX_VALUE)))
                .maxInflightBytes(0)
                .checkQuorum(directive.isTrue("checkquorum"))
                .preVote(directive.isTrue("prevote"))
                .readOnly(readOnly())
                .validateConfChanges(!directive.isTrue("disable-conf-change-validation"))
                .stepDownOnRemoval(directive.isTrue("step-down-on-removal"))
                .stepDownOnStalledStorage(false);
    }

    private ReadOnlyMode readOnly() {
        return switch (directive.value("read-only", "safe")) {
            case "safe" -> ReadOnlyMode.SAFE;
            case "lease-based" -> ReadOnlyMode.LEASE;
            default -> throw new IllegalArgumentException(directive.text());
        };
    }
}
