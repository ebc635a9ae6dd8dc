// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.reference;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.History;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes one thing of a history, which may or may not still be one of a correct store. */
public final class Corruption {
    private Corruption() {}

    /** {@code history} with one operation changed. */
    public static History of(History history, Random random) {
        List<Operation> operations = new ArrayList<>(history.operations());
        int at = random.nextInt(operations.size());
        operations.set(at, change(operations.get(at), random));
        return new History(history.initial(), history.omitted(), operations, history.watches());
    }

    private static Operation change(Operation operation, Random random) {
        if (operation.isUnknown()) {
            return operation;
        }
        long call = operation.callNanos();
        long end = operation.returnNanos();
        switch (random.nextInt(4)) {
            case 0 -> end = call; // It took no time: fewer orders are left.
            case 1 -> call = end;
            default -> {
            }
        }
        return new Operation(operation.id(), operation.client(), call, end, operation.request(),
                change(operation.response(), random));
    }

    private static Response change(Response response, Random random) {
        return response instanceof Response.Done done ? change(done, random) : response;
    }

    private static Response.Done change(Response.Done done, Random random) {
        long shift = random.nextInt(3) == 0 && done.revision() > 0 ? random.nextInt(5) - 2 : 0;
        long revision = Math.max(done.revision() == 0 ? 0 : 1, done.revision() + shift);
        return switch (done) {
            case Response.Put put -> new Response.Put(revision,
                    put.prevKv().isPresent() ? change(put.prevKv(), random) : put.prevKv());
            case Response.Range range -> new Response.Range(revision, change(range.kvs(), random),
                    range.count(), range.more());
            case Response.DeleteRange delete -> new Response.DeleteRange(revision,
                    Math.max(0, delete.deleted() - random.nextInt(2)),
                    change(delete.prevKvs(), random));
            case Response.Txn txn -> {
                List<Response.Done> parts = new ArrayList<>(txn.responses());
                if (!parts.isEmpty()) {
                    int at = random.nextInt(parts.size());
                    parts.set(at, change(parts.get(at), random));
                }
                yield new Response.Txn(revision, txn.succeeded() ^ random.nextInt(8) == 0, parts);
            }
            default -> done;
        };
    }

    private static List<KeyValue> change(List<KeyValue> kvs, Random random) {
        List<KeyValue> changed = new ArrayList<>(kvs);
        if (!kvs.isEmpty() && random.nextBoolean()) {
            int at = random.nextInt(kvs.size());
            changed.set(at, change(kvs.get(at), random));
        }
        return changed;
    }

    private static KeyValue change(KeyValue kv, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new KeyValue(kv.key(), Bytes.utf8("v" + random.nextInt(3)),
                    kv.createRevision(), kv.modRevision(), kv.version(), kv.lease());
            case 1 -> new KeyValue(kv.key(), kv.value(), kv.createRevision(), kv.modRevision() + 1,
                    kv.version(), kv.lease());
            case 2 -> new KeyValue(kv.key(), kv.value(), kv.createRevision(), kv.modRevision(),
                    kv.version() + 1, kv.lease());
            default -> kv;
        };
    }
}
