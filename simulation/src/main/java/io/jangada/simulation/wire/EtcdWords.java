// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.CompactionResponse;
import io.jangada.api.etcd.Compare.CompareResult;
import io.jangada.api.etcd.Compare.CompareTarget;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.DeleteRangeResponse;
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
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.List;

/** The checker's requests as etcd's messages, and etcd's answers as the checker's responses. Pure. */
public final class EtcdWords {
    private EtcdWords() {}

    /** The same bytes, copied. */
    public static ByteString bytes(Bytes bytes) {
        return ByteString.copyFrom(bytes.toByteArray());
    }

    /** The same bytes, copied. */
    public static Bytes bytes(ByteString bytes) {
        return Bytes.of(bytes.toByteArray());
    }

    /** A put. */
    public static PutRequest put(Request.Put put) {
        return PutRequest.newBuilder().setKey(bytes(put.key())).setValue(bytes(put.value()))
                .setLease(put.lease()).setPrevKv(put.prevKv()).build();
    }

    /** A deletion. */
    public static DeleteRangeRequest delete(Request.DeleteRange delete) {
        return DeleteRangeRequest.newBuilder().setKey(bytes(delete.range().key()))
                .setRangeEnd(bytes(delete.range().end())).setPrevKv(delete.prevKv()).build();
    }

    /** A read. */
    public static RangeRequest range(Request.Range range) {
        return RangeRequest.newBuilder().setKey(bytes(range.range().key()))
                .setRangeEnd(bytes(range.range().end()))
                .setRevision(range.revision()).setLimit(range.limit())
                .setCountOnly(range.content() == Request.Content.COUNT)
                .setSerializable(range.consistency() == Request.Consistency.SERIALIZABLE).build();
    }

    /** A transaction. */
    public static TxnRequest txn(Request.Txn txn) {
        TxnRequest.Builder built = TxnRequest.newBuilder();
        txn.compares().forEach(compare -> built.addCompare(compare(compare)));
        txn.success().forEach(op -> built.addSuccess(op(op)));
        txn.failure().forEach(op -> built.addFailure(op(op)));
        return built.build();
    }

    /** A compaction. */
    public static CompactionRequest compact(Request.Compact compact) {
        return CompactionRequest.newBuilder().setRevision(compact.revision()).build();
    }

    /** The grant of a lease. */
    public static LeaseGrantRequest grant(Request.LeaseGrant grant) {
        return LeaseGrantRequest.newBuilder().setID(grant.lease()).setTTL(grant.ttlSeconds())
                .build();
    }

    /** The end of a lease. */
    public static LeaseRevokeRequest revoke(Request.LeaseRevoke revoke) {
        return LeaseRevokeRequest.newBuilder().setID(revoke.lease()).build();
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

    /**
     * What a client is told.
     *
     * @param answer to a request that is no lease's keep-alive
     * @param revision of its header
     * @throws IllegalArgumentException if it answers something else
     */
    public static Response.Done response(MessageLite answer, long revision) {
        return switch (answer) {
            case PutResponse put -> new Response.Put(revision, previous(put));
            case RangeResponse range -> range(range, revision);
            case DeleteRangeResponse delete -> delete(delete, revision);
            case TxnResponse txn -> txn(txn, revision);
            case LeaseGrantResponse grant ->
                new Response.LeaseGrant(revision, grant.getID(), grant.getTTL());
            case CompactionResponse ignored -> new Response.Compact(revision);
            case LeaseRevokeResponse ignored -> new Response.LeaseRevoke(revision);
            default -> throw new IllegalArgumentException("unknown answer: " + answer.getClass());
        };
    }

    private static KeyValue previous(PutResponse put) {
        return put.hasPrevKv() ? keyValue(put.getPrevKv()) : KeyValue.NONE;
    }

    private static Response.DeleteRange delete(DeleteRangeResponse delete, long revision) {
        return new Response.DeleteRange(revision, delete.getDeleted(),
                delete.getPrevKvsList().stream().map(EtcdWords::keyValue).toList());
    }

    private static Response.Range range(RangeResponse range, long revision) {
        return new Response.Range(revision,
                range.getKvsList().stream().map(EtcdWords::keyValue).toList(),
                range.getCount(), range.getMore());
    }

    private static Response.Txn txn(TxnResponse txn, long revision) {
        List<Response.Done> parts = txn.getResponsesList().stream().map(EtcdWords::part).toList();
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

    /** A version of a key. */
    public static KeyValue keyValue(io.jangada.api.mvcc.KeyValue kv) {
        return new KeyValue(bytes(kv.getKey()), bytes(kv.getValue()), kv.getCreateRevision(),
                kv.getModRevision(), kv.getVersion(), kv.getLease());
    }

    /** What a watcher is told of one key. */
    public static Event event(io.jangada.api.mvcc.Event event) {
        KeyValue before = event.hasPrevKv() ? keyValue(event.getPrevKv()) : KeyValue.NONE;
        return switch (event.getType()) {
            case PUT -> new Event(Event.Kind.PUT, keyValue(event.getKv()), before);
            case DELETE -> new Event(Event.Kind.DELETE,
                    KeyValue.deleted(bytes(event.getKv().getKey()),
                            event.getKv().getModRevision()),
                    before);
            case UNRECOGNIZED -> throw new IllegalArgumentException("no event: " + event);
        };
    }
}
