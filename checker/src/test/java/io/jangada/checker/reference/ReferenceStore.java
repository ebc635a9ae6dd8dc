// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.reference;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps a copy of every state. Written for plainness, and sharing nothing with what it
 * tests but the values.
 */
final class ReferenceStore {
    final List<SortedMap<Bytes, KeyValue>> states = new ArrayList<>();
    final List<List<Event>> changes = new ArrayList<>();
    final Map<Long, Long> deadlines = new HashMap<>();
    final Map<Long, Long> ttls = new HashMap<>();
    long compacted;
    private SortedMap<Bytes, KeyValue> now = new TreeMap<>();
    private List<Event> pending = new ArrayList<>();

    ReferenceStore() {
        states.add(new TreeMap<>());
        states.add(now); // An empty store is at revision 1.
        changes.add(List.of());
        changes.add(List.of());
    }

    long revision() {
        return states.size() - 1L;
    }

    /** Carries {@code request} out at {@code nanos}. */
    Response apply(Request request, long nanos) {
        return switch (request) {
            case Request.Op op -> {
                Response.Reason objection = objection(op);
                yield objection == null ? commit(op) : new Response.Refused(objection);
            }
            case Request.Compact(long revision) -> {
                if (revision <= compacted || revision > revision()) {
                    yield new Response.Refused(revision <= compacted
                            ? Response.Reason.COMPACTED
                            : Response.Reason.FUTURE_REVISION);
                }
                compacted = revision;
                yield new Response.Compact(revision());
            }
            case Request.LeaseGrant(long lease, long ttlSeconds) -> {
                if (ttls.putIfAbsent(lease, ttlSeconds) != null) {
                    yield new Response.Refused(Response.Reason.LEASE_EXISTS);
                }
                deadlines.put(lease, nanos + ttlSeconds * 1_000_000_000);
                yield new Response.LeaseGrant(revision(), lease, ttlSeconds);
            }
            case Request.LeaseRevoke(long lease) -> revoke(lease)
                    ? new Response.LeaseRevoke(revision())
                    : new Response.Refused(Response.Reason.LEASE_NOT_FOUND);
            case Request.LeaseKeepAlive(long lease) -> {
                long ttl = deadlines.containsKey(lease) ? ttls.getOrDefault(lease, 0L) : 0;
                if (ttl > 0) {
                    deadlines.put(lease, nanos + ttl * 1_000_000_000);
                }
                yield new Response.LeaseKeepAlive(revision(), ttl);
            }
        };
    }

    /** Ends a lease with its keys; returns whether there was one. */
    boolean revoke(long lease) {
        if (deadlines.remove(lease) == null) {
            return false;
        }
        begin();
        for (KeyValue kv : List.copyOf(now.values())) {
            if (kv.lease() == lease) {
                remove(kv);
            }
        }
        end();
        return true;
    }

    /** What a member that has applied everything up to {@code applied} answers. */
    Response readAt(Request.Range range, long applied) {
        long revision = range.revision() == 0 ? applied : range.revision();
        if (revision > applied) {
            return new Response.Refused(Response.Reason.FUTURE_REVISION);
        }
        return revision < compacted
                ? new Response.Refused(Response.Reason.COMPACTED)
                : read(states.get((int) revision), range, applied);
    }

    private Response.@Nullable Reason objection(Request.Op op) {
        return switch (op) {
            case Request.Put put -> put.lease() != 0 && !deadlines.containsKey(put.lease())
                    ? Response.Reason.LEASE_NOT_FOUND
                    : null;
            case Request.Range range when range.revision() > revision() ->
                Response.Reason.FUTURE_REVISION;
            case Request.Range range when range.revision() != 0
                    && range.revision() < compacted ->
                Response.Reason.COMPACTED;
            case Request.Range ignored -> null;
            case Request.DeleteRange ignored -> null;
            case Request.Txn txn -> {
                for (Request.Op each : branch(txn)) {
                    if (objection(each) != null) {
                        yield objection(each);
                    }
                }
                yield null;
            }
        };
    }

    private Response commit(Request.Op op) {
        begin();
        long before = revision();
        SortedMap<Bytes, KeyValue> snapshot = new TreeMap<>(now);
        Response.Done done = carryOut(op, snapshot);
        end();
        return headed(done, revision() > before ? before + 1 : before);
    }

    private void begin() {
        now = new TreeMap<>(now);
        pending = new ArrayList<>();
    }

    private void end() {
        if (pending.isEmpty()) {
            now = states.getLast();
        } else {
            states.add(now);
            changes.add(pending);
        }
    }

    private Response.Done carryOut(Request.Op op, SortedMap<Bytes, KeyValue> snapshot) {
        return switch (op) {
            case Request.Put put -> {
                KeyValue old = now.getOrDefault(put.key(), KeyValue.NONE);
                long next = states.size();
                KeyValue made = new KeyValue(put.key(), put.value(),
                        old.version() == 0 ? next : old.createRevision(), next, old.version() + 1,
                        put.lease());
                now.put(put.key(), made);
                pending.add(new Event(Event.Kind.PUT, made, old));
                yield new Response.Put(0, put.prevKv() ? old : KeyValue.NONE);
            }
            case Request.Range range -> read(
                    range.revision() == 0 ? now : states.get((int) range.revision()), range, 0);
            case Request.DeleteRange delete -> {
                List<KeyValue> old = in(now, delete.range());
                old.forEach(this::remove);
                yield new Response.DeleteRange(0, old.size(), delete.prevKv() ? old : List.of());
            }
            case Request.Txn txn -> {
                List<Response.Done> parts = new ArrayList<>();
                boolean holds = holds(txn, snapshot);
                for (Request.Op each : holds ? txn.success() : txn.failure()) {
                    parts.add(carryOut(each, snapshot));
                }
                yield new Response.Txn(0, holds, parts);
            }
        };
    }

    private void remove(KeyValue kv) {
        now.remove(kv.key());
        pending.add(new Event(Event.Kind.DELETE, KeyValue.deleted(kv.key(), states.size()), kv));
    }

    private List<Request.Op> branch(Request.Txn txn) {
        return holds(txn, now) ? txn.success() : txn.failure();
    }

    private static boolean holds(Request.Txn txn, SortedMap<Bytes, KeyValue> state) {
        for (Compare compare : txn.compares()) {
            List<KeyValue> found = in(state, compare.range());
            if (found.isEmpty()
                    ? !compare.holds(KeyValue.NONE)
                    : !found.stream().allMatch(compare::holds)) {
                return false;
            }
        }
        return true;
    }

    private static Response.Range read(SortedMap<Bytes, KeyValue> state, Request.Range range,
            long header) {
        List<KeyValue> all = in(state, range.range());
        if (range.content() == Request.Content.COUNT) {
            return new Response.Range(header, List.of(), all.size(), false);
        }
        boolean isCut = range.limit() > 0 && all.size() > range.limit();
        return new Response.Range(header, isCut ? all.subList(0, (int) range.limit()) : all,
                all.size(), isCut);
    }

    private static List<KeyValue> in(SortedMap<Bytes, KeyValue> state, KeyRange range) {
        return state.values().stream().filter(kv -> range.contains(kv.key())).toList();
    }

    private static Response headed(Response.Done done, long revision) {
        return switch (done) {
            case Response.Put put -> new Response.Put(revision, put.prevKv());
            case Response.Range range -> new Response.Range(revision, range.kvs(), range.count(),
                    range.more());
            case Response.DeleteRange delete -> new Response.DeleteRange(revision,
                    delete.deleted(), delete.prevKvs());
            case Response.Txn txn -> new Response.Txn(revision, txn.succeeded(),
                    txn.responses());
            default -> throw new IllegalStateException("no part of a transaction: " + done);
        };
    }
}
