// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.CompactionResponse;
import io.jangada.api.etcd.Compare.CompareResult;
import io.jangada.api.etcd.Compare.CompareTarget;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.DeleteRangeResponse;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrantResponse;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.LeaseRevokeResponse;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.ResponseOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.mvcc.EventType;
import io.jangada.server.error.EtcdError;
import java.util.List;

/** Between the checker's words and the server's. Pure. */
final class Translation {
    private Translation() {}

    static ByteString bytes(Bytes bytes) {
        return ByteString.copyFrom(bytes.toByteArray());
    }

    static Bytes bytes(ByteString bytes) {
        return Bytes.of(bytes.toByteArray());
    }

    /** What is proposed for a request that changes something. */
    static InternalRaftRequest proposal(Request request) {
        InternalRaftRequest.Builder built = InternalRaftRequest.newBuilder();
        switch (request) {
            case Request.Put put -> built.setPut(put(put));
            case Request.DeleteRange delete -> built.setDeleteRange(delete(delete));
            case Request.Txn txn -> built.setTxn(txn(txn));
            case Request.Compact compact -> built.setCompaction(
                    CompactionRequest.newBuilder().setRevision(compact.revision()));
            case Request.LeaseGrant grant -> built.setLeaseGrant(
                    LeaseGrantRequest.newBuilder().setID(grant.lease()).setTTL(grant.ttlSeconds()));
            case Request.LeaseRevoke revoke -> built.setLeaseRevoke(
                    LeaseRevokeRequest.newBuilder().setID(revoke.lease()));
            case Request.Range range -> throw new IllegalArgumentException("no proposal: " + range);
            case Request.LeaseKeepAlive alive ->
                throw new IllegalArgumentException("no proposal: " + alive);
        }
        return built.build();
    }

    private static PutRequest put(Request.Put put) {
        return PutRequest.newBuilder().setKey(bytes(put.key())).setValue(bytes(put.value()))
                .setLease(put.lease())
                .setPrevKv(put.prevKv()).build();
    }

    private static DeleteRangeRequest delete(Request.DeleteRange delete) {
        return DeleteRangeRequest.newBuilder().setKey(bytes(delete.range().key()))
                .setRangeEnd(bytes(delete.range().end())).setPrevKv(delete.prevKv()).build();
    }

    static RangeRequest range(Request.Range range) {
        return RangeRequest.newBuilder().setKey(bytes(range.range().key()))
                .setRangeEnd(bytes(range.range().end()))
                .setRevision(range.revision()).setLimit(range.limit())
                .setCountOnly(range.content() == Request.Content.COUNT)
                .setSerializable(range.consistency() == Request.Consistency.SERIALIZABLE).build();
    }

    private static TxnRequest txn(Request.Txn txn) {
        TxnRequest.Builder built = TxnRequest.newBuilder();
        txn.compares().forEach(compare -> built.addCompare(compare(compare)));
        txn.success().forEach(op -> built.addSuccess(op(op)));
        txn.failure().forEach(op -> built.addFailure(op(op)));
        return built.build();
    }

    private static RequestOp op(Request.Op op) {
        RequestOp.Builder built = RequestOp.newBuilder();
        switch (op) {
            case Request.Put put -> built.setRequestPut(put(put));
            case Request.DeleteRange delete -> built.setRequestDeleteRange(delete(delete));
            case Request.Range range -> built.setRequestRange(range(range));
            case Request.Txn txn -> built.setRequestTxn(txn(txn));
        }
        return built.build();
    }

    private static io.jangada.api.etcd.Compare compare(Compare compare) {
        var built = io.jangada.api.etcd.Compare.newBuilder().setKey(bytes(compare.range().key()))
                .setRangeEnd(bytes(compare.range().end()))
                .setResult(switch (compare.relation()) {
                    case EQUAL -> CompareResult.EQUAL;
                    case GREATER -> CompareResult.GREATER;
                    case LESS -> CompareResult.LESS;
                    case NOT_EQUAL -> CompareResult.NOT_EQUAL;
                });
        switch (compare.target()) {
            case VERSION -> built.setTarget(CompareTarget.VERSION)
                    .setVersion(compare.number());
            case CREATE -> built.setTarget(CompareTarget.CREATE)
                    .setCreateRevision(compare.number());
            case MOD -> built.setTarget(CompareTarget.MOD)
                    .setModRevision(compare.number());
            case LEASE -> built.setTarget(CompareTarget.LEASE)
                    .setLease(compare.number());
            case VALUE -> built.setTarget(CompareTarget.VALUE)
                    .setValue(bytes(compare.value()));
        }
        return built.build();
    }

    /** What a client is told. */
    static Response response(MessageLite answer, long revision) {
        return switch (answer) {
            case PutResponse put -> new Response.Put(revision, previous(put));
            case DeleteRangeResponse delete -> delete(delete, revision);
            case TxnResponse txn -> txn(txn, revision);
            case LeaseGrantResponse grant ->
                new Response.LeaseGrant(revision, grant.getID(), grant.getTTL());
            case CompactionResponse ignored -> new Response.Compact(revision);
            case LeaseRevokeResponse ignored ->
                new Response.LeaseRevoke(revision);
            default -> throw new IllegalArgumentException("unknown answer: " + answer.getClass());
        };
    }

    private static KeyValue previous(PutResponse put) {
        return put.hasPrevKv() ? keyValue(put.getPrevKv()) : KeyValue.NONE;
    }

    private static Response.DeleteRange delete(DeleteRangeResponse delete, long revision) {
        return new Response.DeleteRange(revision, delete.getDeleted(),
                delete.getPrevKvsList().stream().map(Translation::keyValue).toList());
    }

    static Response.Range range(RangeResponse range, long revision) {
        return new Response.Range(revision,
                range.getKvsList().stream().map(Translation::keyValue).toList(),
                range.getCount(), range.getMore());
    }

    private static Response.Txn txn(TxnResponse txn, long revision) {
        List<Response.Done> parts = txn.getResponsesList().stream().map(Translation::part).toList();
        return new Response.Txn(revision, txn.getSucceeded(), parts);
    }

    private static Response.Done part(ResponseOp op) {
        return switch (op.getResponseCase()) {
            case RESPONSE_PUT -> new Response.Put(0, previous(op.getResponsePut()));
            case RESPONSE_RANGE -> range(op.getResponseRange(), 0);
            case RESPONSE_DELETE_RANGE -> delete(op.getResponseDeleteRange(), 0);
            case RESPONSE_TXN -> txn(op.getResponseTxn(), 0);
            case RESPONSE_NOT_SET -> throw new IllegalArgumentException("an empty part: " + op);
        };
    }

    static KeyValue keyValue(io.jangada.api.mvcc.KeyValue kv) {
        return new KeyValue(bytes(kv.getKey()), bytes(kv.getValue()), kv.getCreateRevision(),
                kv.getModRevision(),
                kv.getVersion(), kv.getLease());
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
