// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeRequest.SortOrder;
import io.jangada.api.etcd.RangeRequest.SortTarget;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.mvcc.KeyRange;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a request can be refused without looking at the store (etcd: v3rpc key checks). Pure. */
final class KvCheck {
    private static final ByteString ALL_THAT_FOLLOW = ByteString.copyFrom(new byte[1]);

    private KvCheck() {}

    static void check(RangeRequest request) {
        requireKey(request.getKey());
        if (request.getSortOrder() == SortOrder.UNRECOGNIZED
                || request.getSortTarget() == SortTarget.UNRECOGNIZED) {
            throw new RequestRejected(EtcdError.INVALID_SORT_OPTION);
        }
    }

    static void check(PutRequest request) {
        requireKey(request.getKey());
        if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
            throw new RequestRejected(EtcdError.VALUE_PROVIDED);
        }
        if (request.getIgnoreLease() && request.getLease() != 0) {
            throw new RequestRejected(EtcdError.LEASE_PROVIDED);
        }
    }

    static void check(DeleteRangeRequest request) {
        requireKey(request.getKey());
    }

    /** Checks a transaction of at most {@code opsMax} operations, and those within it. */
    static void check(TxnRequest request, int opsMax) {
        checkOps(request, opsMax);
        written(request.getSuccessList());
        written(request.getFailureList());
    }

    private static void checkOps(TxnRequest request, int opsMax) {
        int ops = Math.max(request.getCompareCount(),
                Math.max(request.getSuccessCount(), request.getFailureCount()));
        if (ops > opsMax) {
            throw new RequestRejected(EtcdError.TOO_MANY_OPS);
        }
        for (Compare compare : request.getCompareList()) {
            requireKey(compare.getKey());
        }
        request.getSuccessList().forEach(op -> check(op, opsMax - ops));
        request.getFailureList().forEach(op -> check(op, opsMax - ops));
    }

    private static void check(RequestOp op, int opsMax) {
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> check(op.getRequestRange());
            case REQUEST_PUT -> check(op.getRequestPut());
            case REQUEST_DELETE_RANGE -> check(op.getRequestDeleteRange());
            case REQUEST_TXN -> checkOps(op.getRequestTxn(), opsMax);
            case REQUEST_NOT_SET -> throw new RequestRejected(EtcdError.KEY_NOT_FOUND);
        }
    }

    /** What the operations of a branch may put and delete. */
    private record Written(Set<ByteString> puts, List<KeyRange> deletes) {
        void requireFree(ByteString key) {
            if (puts.contains(key) || deletes.stream().anyMatch(range -> range.contains(key))) {
                throw new RequestRejected(EtcdError.DUPLICATE_KEY);
            }
        }
    }

    /* A key may be put once on any path through the branch, and not where the path deletes on the same level, above,
     * or in a transaction before. What a transaction puts, a later one beside it may delete. The two branches of a
     * transaction exclude each other. That a range to the end of all keys deletes is not looked at (etcd: checkIntervals). */
    private static Written written(List<RequestOp> ops) {
        Written all = new Written(new HashSet<>(), new ArrayList<>());
        for (RequestOp op : ops) {
            DeleteRangeRequest delete = op.getRequestDeleteRange();
            if (op.hasRequestDeleteRange() && !delete.getRangeEnd().equals(ALL_THAT_FOLLOW)) {
                all.deletes.add(new KeyRange(delete.getKey(), delete.getRangeEnd()));
            }
        }
        for (RequestOp op : ops) {
            if (op.hasRequestTxn()) {
                Written success = written(op.getRequestTxn().getSuccessList());
                Written failure = written(op.getRequestTxn().getFailureList());
                success.puts.forEach(all::requireFree);
                failure.puts.forEach(all::requireFree);
                all.puts.addAll(success.puts);
                all.puts.addAll(failure.puts);
                all.deletes.addAll(success.deletes);
                all.deletes.addAll(failure.deletes);
            }
        }
        for (RequestOp op : ops) {
            if (op.hasRequestPut()) {
                ByteString key = op.getRequestPut().getKey();
                all.requireFree(key);
                all.puts.add(key);
            }
        }
        return all;
    }

    private static void requireKey(ByteString key) {
        if (key.isEmpty()) {
            throw new RequestRejected(EtcdError.EMPTY_KEY);
        }
    }
}
