// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Operations of unknown outcome that must have made one certain revision: what was seen of it is
 * something that no other of them writes. Immutable once made.
 */
final class Reserved {
    private final IdentityHashMap<Operation, Long> revisions = new IdentityHashMap<>();

    /** What a write leaves behind. */
    private record Mark(Bytes key, Bytes value, long lease) {}

    Reserved(Ledger ledger, Evidence evidence) {
        if (ledger.holeCount() == 0) {
            return;
        }
        Map<Mark, List<Operation>> writers = new HashMap<>();
        for (Operation each : ledger.unknowns()) {
            note(each, each.request(), writers);
        }
        evidence.forEachVersion((revision, version) -> {
            List<Operation> able = writers.getOrDefault(mark(version), List.of());
            if (able.size() == 1) {
                revisions.put(able.getFirst(), revision);
            }
        });
    }

    /** Whether {@code operation} must have made another revision. */
    boolean isElsewhere(Operation operation, long revision) {
        Long reserved = revisions.get(operation);
        return reserved != null && reserved != revision;
    }

    private static void note(Operation operation, Request request,
            Map<Mark, List<Operation>> writers) {
        if (request instanceof Request.Put put) {
            writers.computeIfAbsent(new Mark(put.key(), put.value(), put.lease()),
                    ignored -> new ArrayList<>()).add(operation);
        } else if (request instanceof Request.Txn txn) {
            txn.success().forEach(each -> note(operation, each, writers));
            txn.failure().forEach(each -> note(operation, each, writers));
        }
    }

    private static Mark mark(KeyValue version) {
        return new Mark(version.key(), version.value(), version.lease());
    }
}
