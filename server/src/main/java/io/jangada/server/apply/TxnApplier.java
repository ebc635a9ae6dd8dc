// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.Compare.CompareTarget;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.DeleteRangeResponse;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.ResponseOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.KeyValue;
import io.jangada.mvcc.RangeOptions;
import io.jangada.mvcc.WriteTxn;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Puts, deletions and transactions on one open transaction of the store (etcd: package txn).
 *
 * <p>All compares, nested ones too, are decided first, against the state before; then whatever the
 * chosen path may be refused for is checked; only then is anything written. Apply loop.
 */
final class TxnApplier {
    private final WriteTxn txn;
    private final long compactRevision;

    TxnApplier(WriteTxn txn, long compactRevision) {
        this.txn = txn;
        this.compactRevision = compactRevision;
    }

    PutResponse put(PutRequest put) {
        checkLease(put);
        checkPresent(put);
        return write(put);
    }

    private PutResponse write(PutRequest put) {
        ByteString value = put.getValue();
        long lease = put.getLease();
        if (put.getIgnoreValue() || put.getIgnoreLease()) {
            KeyValue present = txn.get(put.getKey())
                    .orElseThrow(() -> new RequestRejected(EtcdError.KEY_NOT_FOUND));
            value = put.getIgnoreValue() ? present.value() : value;
            lease = put.getIgnoreLease() ? present.lease() : lease;
        }
        Optional<KeyValue> previous = txn.put(put.getKey(), value, lease);
        PutResponse.Builder response = PutResponse.newBuilder()
                .setHeader(KvMessages.header(txn.revision()));
        if (put.getPrevKv()) {
            previous.map(KvMessages::message).ifPresent(response::setPrevKv);
        }
        return response.build();
    }

    DeleteRangeResponse deleteRange(DeleteRangeRequest delete) {
        List<KeyValue> deleted = txn
                .deleteRange(new KeyRange(delete.getKey(), delete.getRangeEnd()));
        DeleteRangeResponse.Builder response = DeleteRangeResponse.newBuilder()
                .setHeader(KvMessages.header(txn.revision())).setDeleted(deleted.size());
        if (delete.getPrevKv()) {
            deleted.forEach(kv -> response.addPrevKvs(KvMessages.message(kv)));
        }
        return response.build();
    }

    TxnResponse txn(TxnRequest request) {
        List<Boolean> path = new ArrayList<>();
        decide(request, path);
        check(request, path.iterator());
        return run(request, path.iterator()).setHeader(KvMessages.header(txn.revision())).build();
    }

    private void decide(TxnRequest request, List<Boolean> path) {
        boolean succeeds = request.getCompareList().stream().allMatch(this::holds);
        path.add(succeeds);
        for (RequestOp op : branch(request, succeeds)) {
            if (op.hasRequestTxn()) {
                decide(op.getRequestTxn(), path);
            }
        }
    }

    private static List<RequestOp> branch(TxnRequest request, boolean succeeds) {
        return succeeds ? request.getSuccessList() : request.getFailureList();
    }

    private void check(TxnRequest request, Iterator<Boolean> path) {
        for (RequestOp op : branch(request, path.next())) {
            switch (op.getRequestCase()) {
                case REQUEST_RANGE -> checkRange(op.getRequestRange());
                case REQUEST_PUT -> checkPut(op.getRequestPut());
                case REQUEST_TXN -> check(op.getRequestTxn(), path);
                case REQUEST_DELETE_RANGE, REQUEST_NOT_SET -> {
                }
            }
        }
    }

    private void checkRange(RangeRequest range) {
        if (range.getRevision() > txn.beginRevision()) {
            throw new RequestRejected(EtcdError.FUTURE_REVISION);
        }
        // Outside of a transaction a negative revision is the newest one; within, it is one that is gone (etcd: checkRange).
        if (range.getRevision() != 0 && range.getRevision() < compactRevision) {
            throw new RequestRejected(EtcdError.COMPACTED);
        }
    }

    /* A put by itself asks for the lease first (etcd: checkPut, Put). */
    private void checkPut(PutRequest put) {
        checkPresent(put);
        checkLease(put);
    }

    private void checkPresent(PutRequest put) {
        boolean needsPresent = put.getIgnoreValue() || put.getIgnoreLease();
        if (needsPresent && txn.get(put.getKey()).isEmpty()) {
            throw new RequestRejected(EtcdError.KEY_NOT_FOUND);
        }
    }

    private void checkLease(PutRequest put) {
        if (put.getLease() != 0 && txn.lease(put.getLease()).isEmpty()) {
            throw new RequestRejected(EtcdError.LEASE_NOT_FOUND);
        }
    }

    private TxnResponse.Builder run(TxnRequest request, Iterator<Boolean> path) {
        boolean succeeds = path.next();
        TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeds);
        for (RequestOp op : branch(request, succeeds)) {
            ResponseOp.Builder one = ResponseOp.newBuilder();
            switch (op.getRequestCase()) {
                case REQUEST_RANGE -> one.setResponseRange(RangeReader
                        .read(txn::range, op.getRequestRange())
                        .setHeader(KvMessages.header(txn.revision())));
                case REQUEST_PUT -> one.setResponsePut(write(op.getRequestPut()));
                case REQUEST_DELETE_RANGE ->
                    one.setResponseDeleteRange(deleteRange(op.getRequestDeleteRange()));
                case REQUEST_TXN -> one.setResponseTxn(run(op.getRequestTxn(), path)
                        .setHeader(KvMessages.header(0)));
                case REQUEST_NOT_SET -> {
                }
            }
            response.addResponses(one);
        }
        return response;
    }

    private boolean holds(Compare compare) {
        List<KeyValue> found = txn.range(new KeyRange(compare.getKey(), compare.getRangeEnd()),
                RangeOptions.LATEST).keyValues();
        if (found.isEmpty()) {
            return compare.getTarget() != CompareTarget.VALUE
                    && holds(compare, KeyValue.deleted(compare.getKey(), 0));
        }
        return found.stream().allMatch(kv -> holds(compare, kv));
    }

    private static boolean holds(Compare compare, KeyValue kv) {
        int order = switch (compare.getTarget()) {
            case VERSION -> Long.compare(kv.version(), compare.getVersion());
            case CREATE -> Long.compare(kv.createRevision(), compare.getCreateRevision());
            case MOD -> Long.compare(kv.modRevision(), compare.getModRevision());
            case LEASE -> Long.compare(kv.lease(), compare.getLease());
            case VALUE -> ByteString.unsignedLexicographicalComparator().compare(kv.value(),
                    compare.getValue());
            case UNRECOGNIZED -> 0;
        };
        return switch (compare.getResult()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case UNRECOGNIZED -> true;
        };
    }
}
