// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.cycle;

import io.jangada.checker.cycle.Graph.Kind;
import io.jangada.checker.etcd.Effects;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.History;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The dependencies among the acknowledged operations of a history: who wrote which version of which
 * key is told by revisions, and so the order of versions is known. Nodes up to the number of
 * operations are operations; those beyond are moments. Immutable once made.
 */
final class Dependencies {
    /** The version of a key before its first write. */
    private static final long FIRST = 0;

    private final Graph graph = new Graph();
    private final List<Operation> operations;
    /** By key and revision: who wrote it. */
    private final Map<Bytes, NavigableMap<Long, Integer>> writers = new HashMap<>();
    /** Whether a key may be removed without its being known by whom. */
    private boolean hasUnseenRemovals;

    Dependencies(History history) {
        operations = history.operations().stream()
                .filter(each -> each.response() instanceof Response.Done).toList();
        hasUnseenRemovals = !history.initial().kvs().isEmpty()
                || history.operations().stream().anyMatch(Dependencies::mayRemoveUnseen);
        for (int i = 0; i < operations.size(); i++) {
            graph.add();
            Operation each = operations.get(i);
            if (Effects.madeRevision(each.response())) {
                noteWrites(i, each.request(), each.response(), each.response().revision());
            }
        }
        writers.values().forEach(this::connectWriters);
        for (int i = 0; i < operations.size(); i++) {
            connectReads(i, operations.get(i));
        }
        connectRealTime();
    }

    Graph graph() {
        return graph;
    }

    /** How many of the nodes are operations. */
    int operationCount() {
        return operations.size();
    }

    Operation operation(int node) {
        return operations.get(node);
    }

    private void noteWrites(int node, Request request, Response response, long revision) {
        switch (request) {
            case Request.Put put -> noteWrite(node, put.key(), revision);
            case Request.DeleteRange delete when response instanceof Response.DeleteRange done
                    && done.deleted() > 0 -> {
                if (delete.range().isSingle()) {
                    noteWrite(node, delete.range().key(), revision);
                } else if (done.prevKvs().size() < done.deleted()) {
                    hasUnseenRemovals = true;
                }
                done.prevKvs().forEach(kv -> noteWrite(node, kv.key(), revision));
            }
            case Request.Txn txn when response instanceof Response.Txn done -> {
                List<Request.Op> ops = done.succeeded() ? txn.success() : txn.failure();
                for (int i = 0; i < Math.min(ops.size(), done.responses().size()); i++) {
                    noteWrites(node, ops.get(i), done.responses().get(i), revision);
                }
            }
            default -> {
            }
        }
    }

    /** An unknown outcome, or a lease, which ends by itself. */
    private static boolean mayRemoveUnseen(Operation operation) {
        return (operation.isUnknown() && Effects.mayChange(operation.request()))
                || operation.request() instanceof Request.LeaseGrant;
    }

    private void noteWrite(int node, Bytes key, long revision) {
        writers.computeIfAbsent(key, ignored -> new TreeMap<>()).put(revision, node);
    }

    private void connectWriters(NavigableMap<Long, Integer> versions) {
        int before = -1;
        for (int node : versions.values()) {
            if (before >= 0) {
                graph.connect(before, node, Kind.WRITE_WRITE);
            }
            before = node;
        }
    }

    private void connectReads(int node, Operation operation) {
        if (operation.request() instanceof Request.Range range) {
            if (range.revision() == 0) {
                connectRead(node, range, operation.response());
            }
        } else if (operation.request() instanceof Request.Txn txn) {
            connectReads(node, txn, operation.response());
        }
    }

    private void connectReads(int node, Request.Txn txn, Response response) {
        if (!(response instanceof Response.Txn done)) {
            return;
        }
        List<Request.Op> ops = done.succeeded() ? txn.success() : txn.failure();
        for (int i = 0; i < Math.min(ops.size(), done.responses().size()); i++) {
            if (ops.get(i) instanceof Request.Range range && range.revision() == 0) {
                connectRead(node, range, done.responses().get(i));
            } else if (ops.get(i) instanceof Request.Txn inner) {
                connectReads(node, inner, done.responses().get(i));
            }
        }
    }

    private void connectRead(int node, Request.Range range, Response response) {
        if (response instanceof Response.Range shown) {
            for (KeyValue kv : shown.kvs()) {
                connectVersion(node, kv.key(), kv.modRevision());
            }
            if (range.range().isSingle() && shown.count() == 0) {
                connectAbsent(node, range.range().key());
            }
        }
    }

    private void connectVersion(int node, Bytes key, long version) {
        NavigableMap<Long, Integer> versions = writers.get(key);
        if (versions == null) {
            return;
        }
        Integer writer = versions.get(version);
        if (writer != null) {
            graph.connect(writer, node, Kind.WRITE_READ);
        }
        Map.Entry<Long, Integer> next = versions.higherEntry(version);
        if (next != null) {
            graph.connect(node, next.getValue(), Kind.READ_WRITE);
        }
    }

    /** Nothing there: before the first write. Of a key that was removed, nobody can tell which nothing. */
    private void connectAbsent(int node, Bytes key) {
        NavigableMap<Long, Integer> versions = writers.get(key);
        boolean isEverRemoved = hasUnseenRemovals || versions == null
                || versions.values().stream().anyMatch(
                        writer -> !(operations.get(writer).request() instanceof Request.Put));
        if (!isEverRemoved) {
            connectVersion(node, key, FIRST);
        }
    }

    /**
     * A chain of moments, one for each return: every operation leads into the moment of its return,
     * and the last moment before its call leads to it. So the edges are as few as the operations.
     */
    private void connectRealTime() {
        Integer[] byReturn = new Integer[operations.size()];
        Arrays.setAll(byReturn, i -> i);
        Arrays.sort(byReturn, (a, b) -> Long.compare(operations.get(a).returnNanos(),
                operations.get(b).returnNanos()));
        List<Long> times = new ArrayList<>();
        int first = operations.size();
        for (int node : byReturn) {
            int moment = graph.add();
            if (moment > first) {
                graph.connect(moment - 1, moment, Kind.REAL_TIME);
            }
            graph.connect(node, moment, Kind.REAL_TIME);
            times.add(operations.get(node).returnNanos());
        }
        for (int i = 0; i < operations.size(); i++) {
            int before = countBefore(times, operations.get(i).callNanos());
            if (before > 0 && Effects.isLinearizable(operations.get(i))) {
                graph.connect(first + before - 1, i, Kind.REAL_TIME);
            }
        }
    }

    private static int countBefore(List<Long> sorted, long time) {
        int low = 0;
        int high = sorted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted.get(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
