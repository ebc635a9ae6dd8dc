// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import io.jangada.checker.etcd.Effects;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.History;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.history.Seen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Divides the operations of a history among its keys, each part a call of its own. That the parts are
 * linearizable is necessary, and for operations on one key enough. Pure functions.
 */
public final class KeyCalls {
    private final TreeSet<Bytes> keys = new TreeSet<>();
    private final List<Call<Part, Nothing>> calls = new ArrayList<>();

    private KeyCalls() {}

    /**
     * What an operation does to one key.
     *
     * @param key which
     * @param steps what, at once
     */
    public record Part(Bytes key, List<KeyStep> steps) {
        /** Copies the list. */
        public Part {
            steps = List.copyOf(steps);
        }
    }

    /** What is answered: it is part of the steps already. */
    public record Nothing() {}

    /** The calls of {@code history}, which has to begin with an empty store, by key and operation. */
    public static List<Call<Part, Nothing>> of(History history) {
        if (!history.initial().kvs().isEmpty()) {
            throw new IllegalArgumentException("the store was not empty at first");
        }
        KeyCalls made = new KeyCalls();
        history.operations().forEach(each -> made.collectKeys(each.request()));
        Seen.versions(history, kv -> made.keys.add(kv.key()));
        history.operations().forEach(made::divide);
        made.expire(history);
        return List.copyOf(made.calls);
    }

    private void collectKeys(Request request) {
        switch (request) {
            case Request.Put put -> keys.add(put.key());
            case Request.Txn txn -> {
                txn.success().forEach(this::collectKeys);
                txn.failure().forEach(this::collectKeys);
            }
            case Request.Range ignored -> {
            }
            case Request.DeleteRange ignored -> {
            }
            case Request.Compact ignored -> {
            }
            case Request.LeaseGrant ignored -> {
            }
            case Request.LeaseRevoke ignored -> {
            }
            case Request.LeaseKeepAlive ignored -> {
            }
        }
    }

    private void divide(Operation operation) {
        boolean isOfInterest = operation.isUnknown()
                ? Effects.mayChange(operation.request())
                : operation.response() instanceof Response.Done
                        && Effects.isLinearizable(operation);
        if (!isOfInterest) {
            return;
        }
        for (Bytes key : keys) {
            if (operation.isUnknown()) {
                divideUnknown(operation, key);
            } else {
                List<KeyStep> steps = new ArrayList<>();
                add(operation.request(), operation.response(), key, steps);
                if (!steps.isEmpty()) {
                    calls.add(new Call<>(operation.id(), operation.callNanos(),
                            operation.returnNanos(), new Part(key, steps),
                            new Call.Told<>(new Nothing())));
                }
            }
        }
    }

    /** A transaction of which nobody knows the branch is two that may happen. */
    private void divideUnknown(Operation operation, Bytes key) {
        List<List<KeyStep>> ways = new ArrayList<>();
        ways(operation.request(), key, ways);
        for (List<KeyStep> steps : ways) {
            if (!steps.isEmpty()) {
                calls.add(unknown(operation, key, steps));
            }
        }
    }

    private static Call<Part, Nothing> unknown(Operation operation, Bytes key,
            List<KeyStep> steps) {
        return new Call<>(operation.id(), operation.callNanos(), Operation.NEVER,
                new Part(key, steps), new Call.Unknown<>());
    }

    /** All that {@code request} may do to {@code key}, its conditions left aside. */
    private static void ways(Request request, Bytes key, List<List<KeyStep>> ways) {
        switch (request) {
            case Request.Put put when put.key().equals(key) -> ways
                    .add(List.of(new KeyStep.Write(put.value(), put.lease())));
            case Request.DeleteRange delete when delete.range().contains(key) -> ways
                    .add(List.of(new KeyStep.Remove()));
            case Request.LeaseRevoke revoke -> ways
                    .add(List.of(new KeyStep.RemoveLeased(revoke.lease())));
            case Request.Txn txn -> { // No key is changed twice in one transaction.
                txn.success().forEach(op -> ways(op, key, ways));
                txn.failure().forEach(op -> ways(op, key, ways));
            }
            default -> {
            }
        }
    }

    private static void add(Request request, Response response, Bytes key, List<KeyStep> steps) {
        switch (request) {
            case Request.Put put when put.key().equals(key)
                    && response instanceof Response.Put told -> {
                if (put.prevKv()) {
                    steps.add(new KeyStep.Show(told.prevKv()));
                }
                steps.add(new KeyStep.Write(put.value(), put.lease()));
            }
            case Request.Range range when range.range().contains(key)
                    && response instanceof Response.Range told ->
                addRead(range, told, key, steps);
            case Request.DeleteRange delete when delete.range().contains(key)
                    && response instanceof Response.DeleteRange told -> {
                if (delete.prevKv()) {
                    steps.add(new KeyStep.Show(find(told.prevKvs(), key)));
                }
                steps.add(new KeyStep.Remove());
            }
            case Request.LeaseRevoke revoke -> steps.add(new KeyStep.RemoveLeased(revoke.lease()));
            case Request.Txn txn when response instanceof Response.Txn told ->
                addTxn(txn, told, key,
                        steps);
            default -> {
            }
        }
    }

    private static void addTxn(Request.Txn txn, Response.Txn told, Bytes key,
            List<KeyStep> steps) {
        if (told.succeeded()) {
            for (Compare compare : txn.compares()) {
                if (compare.range().equals(KeyRange.of(key)) && !isOfRevisions(compare)) {
                    steps.add(new KeyStep.Held(compare));
                }
            }
        }
        List<Request.Op> ops = told.succeeded() ? txn.success() : txn.failure();
        for (int i = 0; i < Math.min(ops.size(), told.responses().size()); i++) {
            if (ops.get(i) instanceof Request.Txn inner) { // Its conditions held before all of it.
                List<KeyStep> parts = new ArrayList<>();
                add(inner, told.responses().get(i), key, parts);
                parts.removeIf(KeyStep.Held.class::isInstance);
                steps.addAll(parts);
            } else {
                add(ops.get(i), told.responses().get(i), key, steps);
            }
        }
    }

    private static void addRead(Request.Range range, Response.Range told, Bytes key,
            List<KeyStep> steps) {
        boolean isWhole = range.content() == Request.Content.KEYS_AND_VALUES && !told.more()
                && range.revision() == 0;
        if (isWhole) {
            steps.add(new KeyStep.Show(find(told.kvs(), key)));
        }
    }

    /** Leases end by themselves: each key that was attached to one may disappear. */
    private void expire(History history) {
        for (Operation operation : history.operations()) {
            if (operation.request() instanceof Request.LeaseGrant grant
                    && !(operation.response() instanceof Response.Refused)) {
                Set<Bytes> attached = new HashSet<>();
                for (Call<Part, Nothing> call : List.copyOf(calls)) {
                    boolean attaches = call.input().steps().stream()
                            .anyMatch(step -> step instanceof KeyStep.Write write
                                    && write.lease() == grant.lease());
                    if (attaches && attached.add(call.input().key())) {
                        calls.add(unknown(operation, call.input().key(),
                                List.of(new KeyStep.RemoveLeased(grant.lease()))));
                    }
                }
            }
        }
    }

    private static boolean isOfRevisions(Compare compare) {
        return compare.target() == Compare.Target.MOD || compare.target() == Compare.Target.CREATE;
    }

    private static KeyValue find(List<KeyValue> kvs, Bytes key) {
        return kvs.stream().filter(kv -> kv.key().equals(key)).findFirst().orElse(KeyValue.NONE);
    }
}
