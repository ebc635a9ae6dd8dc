// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.RequestHeader;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.mvcc.EventType;
import io.jangada.server.error.EtcdError;
import io.jangada.simulation.wire.EtcdWords;

/** Between the checker's words and the insides of the server. Pure. */
final class Translation {
    private Translation() {}

    static ByteString bytes(Bytes bytes) {
        return EtcdWords.bytes(bytes);
    }

    static Bytes bytes(ByteString bytes) {
        return EtcdWords.bytes(bytes);
    }

    /** What is proposed for a request that changes something, under {@code number}. */
    static InternalRaftRequest proposal(Request request, long number) {
        InternalRaftRequest.Builder built = InternalRaftRequest.newBuilder()
                .setHeader(RequestHeader.newBuilder().setID(number));
        switch (request) {
            case Request.Put put -> built.setPut(EtcdWords.put(put));
            case Request.DeleteRange delete -> built.setDeleteRange(EtcdWords.delete(delete));
            case Request.Txn txn -> built.setTxn(EtcdWords.txn(txn));
            case Request.Compact compact -> built.setCompaction(EtcdWords.compact(compact));
            case Request.LeaseGrant grant -> built.setLeaseGrant(EtcdWords.grant(grant));
            case Request.LeaseRevoke revoke -> built.setLeaseRevoke(EtcdWords.revoke(revoke));
            case Request.Range range -> throw new IllegalArgumentException("no proposal: " + range);
            case Request.LeaseKeepAlive alive ->
                throw new IllegalArgumentException("no proposal: " + alive);
        }
        return built.build();
    }

    private static KeyValue keyValue(io.jangada.mvcc.KeyValue kv) {
        return new KeyValue(bytes(kv.key()), bytes(kv.value()), kv.createRevision(),
                kv.modRevision(), kv.version(),
                kv.lease());
    }

    static io.jangada.mvcc.KeyRange range(KeyRange range) {
        return new io.jangada.mvcc.KeyRange(bytes(range.key()), bytes(range.end()));
    }

    /** As a watcher is told that did, or did not, ask for the versions before. */
    static Event event(io.jangada.mvcc.Event event, boolean withPrevious) {
        boolean put = event.type() == EventType.PUT;
        KeyValue kv = keyValue(event.keyValue());
        KeyValue before = withPrevious
                ? event.previous().map(Translation::keyValue).orElse(KeyValue.NONE)
                : KeyValue.NONE;
        return new Event(put ? Event.Kind.PUT : Event.Kind.DELETE,
                put ? kv : KeyValue.deleted(kv.key(), kv.modRevision()), before);
    }

    /** What an error of the server means: that nothing was done, or that nobody knows. */
    static Response failure(EtcdError error) {
        return switch (error) {
            case COMPACTED -> new Response.Refused(Response.Reason.COMPACTED);
            case FUTURE_REVISION -> new Response.Refused(Response.Reason.FUTURE_REVISION);
            case LEASE_NOT_FOUND -> new Response.Refused(Response.Reason.LEASE_NOT_FOUND);
            case LEASE_EXISTS -> new Response.Refused(Response.Reason.LEASE_EXISTS);
            case NO_SPACE, TOO_MANY_REQUESTS, REQUEST_TOO_LARGE, DUPLICATE_KEY, TOO_MANY_OPS ->
                new Response.Refused(Response.Reason.OTHER);
            default -> new Response.Unknown();
        };
    }
}
