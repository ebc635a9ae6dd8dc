// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.etcd;

import io.jangada.checker.history.Compare;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Carries out one request on a key space at one revision, as etcd would. Belongs to one thread.
 *
 * <p>What depends on more than the keys is taken from what the client was told: leases but for their
 * keys, compactions, and reads of older revisions inside transactions.
 */
public final class Execution {
    private final KeySpace keys;
    private final long revision;
    private final List<Event> events = new ArrayList<>(1);

    private Execution(KeySpace keys, long revision) {
        this.keys = keys;
        this.revision = revision;
    }

    /**
     * What a request does and answers.
     *
     * @param response what the store answers
     * @param events what it changes, in this order
     */
    public record Result(Response response, List<Event> events) {
        /** Copies the list. */
        public Result {
            events = List.copyOf(events);
        }
    }

    /**
     * Carries out {@code request}, changing {@code keys}.
     *
     * @param revision the revision of its changes and of the header of its response
     * @param told what the client was told, for what cannot be known from the keys
     */
    public static Result run(KeySpace keys, Request request, long revision, Response told) {
        Execution execution = new Execution(keys, revision);
        Response response = switch (request) {
            case Request.Op op -> execution.op(op, revision, told);
            case Request.LeaseRevoke revoke -> {
                execution.events.addAll(keys.revoke(revoke.lease(), revision));
                yield new Response.LeaseRevoke(revision);
            }
            case Request.Compact ignored -> told;
            case Request.LeaseGrant ignored -> told;
            case Request.LeaseKeepAlive ignored -> told;
        };
        return new Result(response, execution.events);
    }

    /** What {@code range} reads of {@code keys}, in a response with {@code revision} in its header. */
    public static Response.Range read(KeySpace keys, Request.Range range, long revision) {
        Collection<KeyValue> found = keys.in(range.range());
        int count = found.size();
        if (range.content() == Request.Content.COUNT) {
            return new Response.Range(revision, List.of(), count, false);
        }
        if (range.limit() <= 0 || count <= range.limit()) {
            return new Response.Range(revision, List.copyOf(found), count, false);
        }
        return new Response.Range(revision, found.stream().limit(range.limit()).toList(), count,
                true);
    }

    /** A part of a transaction has no revision in its header. */
    private Response.Done op(Request.Op op, long header, Response told) {
        return switch (op) {
            case Request.Put put -> {
                Event event = keys.put(put.key(), put.value(), put.lease(), revision);
                events.add(event);
                yield new Response.Put(header, put.prevKv() ? event.prevKv() : KeyValue.NONE);
            }
            case Request.Range range -> range.revision() > 0 && told instanceof Response.Range past
                    ? past
                    : read(keys, range, header);
            case Request.DeleteRange delete -> {
                List<Event> deleted = keys.delete(delete.range(), revision);
                events.addAll(deleted);
                yield new Response.DeleteRange(header, deleted.size(),
                        delete.prevKv() ? deleted.stream().map(Event::prevKv).toList() : List.of());
            }
            case Request.Txn txn -> txn(txn, header, told);
        };
    }

    /**
     * The branches, also of transactions inside, are chosen before anything is changed (etcd:
     * compareToPath).
     */
    private Response.Done txn(Request.Txn txn, long header, Response told) {
        List<Boolean> path = new ArrayList<>();
        choose(txn, path);
        return txn(txn, header, told, path);
    }

    private void choose(Request.Txn txn, List<Boolean> path) {
        boolean holds = holds(txn.compares());
        path.add(holds);
        for (Request.Op op : holds ? txn.success() : txn.failure()) {
            if (op instanceof Request.Txn inner) {
                choose(inner, path);
            }
        }
    }

    private Response.Done txn(Request.Txn txn, long header, Response told, List<Boolean> path) {
        boolean holds = path.removeFirst();
        List<Request.Op> ops = holds ? txn.success() : txn.failure();
        List<Response.Done> toldParts = told instanceof Response.Txn parts
                && parts.responses().size() == ops.size() ? parts.responses() : List.of();
        List<Response.Done> responses = new ArrayList<>(ops.size());
        for (int i = 0; i < ops.size(); i++) {
            Response toldPart = toldParts.isEmpty() ? told : toldParts.get(i);
            responses.add(ops.get(i) instanceof Request.Txn inner
                    ? txn(inner, 0, toldPart, path)
                    : op(ops.get(i), 0, toldPart));
        }
        return new Response.Txn(header, holds, responses);
    }

    private boolean holds(List<Compare> compares) {
        for (Compare compare : compares) {
            if (!holds(compare)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Compare compare) {
        Collection<KeyValue> found = keys.in(compare.range());
        if (found.isEmpty()) {
            return compare.holds(KeyValue.NONE);
        }
        for (KeyValue kv : found) {
            if (!compare.holds(kv)) {
                return false;
            }
        }
        return true;
    }
}
