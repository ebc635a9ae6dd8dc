// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.reference;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.History;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.List;

/** A history written down by hand; each call takes one nanosecond, and the next comes after it. */
public final class Histories {
    private final HistoryBuilder builder = History.builder();
    private long nanos;

    /** One more operation, after the last. */
    public Histories then(Request request, Response response) {
        nanos += 2;
        return at(nanos, nanos + 1, request, response);
    }

    /** One more operation, from when to when. */
    public Histories at(long call, long end, Request request, Response response) {
        builder.add(1, call, response instanceof Response.Unknown ? Operation.NEVER : end, request,
                response);
        nanos = Math.max(nanos, end);
        return this;
    }

    /** Writes {@code value} and is told {@code revision}. */
    public Histories put(String key, String value, long revision) {
        return then(new Request.Put(Bytes.utf8(key), Bytes.utf8(value)),
                new Response.Put(revision));
    }

    /** Writes {@code value} and is told nothing. */
    public Histories lostPut(String key, String value) {
        return then(new Request.Put(Bytes.utf8(key), Bytes.utf8(value)), new Response.Unknown());
    }

    /** Reads one key at {@code revision} and is shown {@code kvs}. */
    public Histories get(String key, long revision, KeyValue... kvs) {
        return then(new Request.Range(Bytes.utf8(key)),
                new Response.Range(revision, List.of(kvs)));
    }

    /** The builder, for what is not here. */
    public HistoryBuilder builder() {
        return builder;
    }

    /** What was written down. */
    public History history() {
        return builder.build();
    }

    /** A version. */
    public static KeyValue kv(String key, String value, long create, long mod, long version) {
        return new KeyValue(Bytes.utf8(key), Bytes.utf8(value), create, mod, version, 0);
    }

    /** An event of a write. */
    public static Event put(KeyValue kv) {
        return new Event(Event.Kind.PUT, kv, KeyValue.NONE);
    }

    /** An event of a deletion. */
    public static Event delete(String key, long revision) {
        return new Event(Event.Kind.DELETE, KeyValue.deleted(Bytes.utf8(key), revision),
                KeyValue.NONE);
    }
}
