// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.Compare.CompareTarget;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import java.util.stream.Stream;

/** Generates transactions, nested two deep. */
final class TxnRequests {
    private static final int DEPTH_MAX = 2;

    private final Draw draw;
    private final KvRequests kv;
    private final Duel duel;

    TxnRequests(Draw draw, KvRequests kv, Duel duel) {
        this.draw = draw;
        this.kv = kv;
        this.duel = duel;
    }

    Call txnCall() {
        return Call.of(KVGrpc.getTxnMethod(), survivable(draw.oneIn(200) ? large() : txn(0)));
    }

    /** 3.4 ends where a transaction deletes a key and then keeps its value or its lease. */
    private static TxnRequest survivable(TxnRequest txn) {
        return deletes(txn) ? withoutKeeping(txn) : txn;
    }

    private static boolean deletes(TxnRequest txn) {
        return ops(txn).anyMatch(op -> op.hasRequestDeleteRange()
                || (op.hasRequestTxn() && deletes(op.getRequestTxn())));
    }

    private static Stream<RequestOp> ops(TxnRequest txn) {
        return Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream());
    }

    private static TxnRequest withoutKeeping(TxnRequest txn) {
        TxnRequest.Builder changed = txn.toBuilder();
        changed.getSuccessBuilderList().forEach(TxnRequests::keepNothing);
        changed.getFailureBuilderList().forEach(TxnRequests::keepNothing);
        return changed.build();
    }

    private static void keepNothing(RequestOp.Builder op) {
        if (op.hasRequestPut()) {
            op.getRequestPutBuilder().setIgnoreValue(false).setIgnoreLease(false);
        } else if (op.hasRequestTxn()) {
            op.setRequestTxn(withoutKeeping(op.getRequestTxn()));
        }
    }

    private TxnRequest txn(int depth) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int left = draw.below(3); left > 0; left--) {
            txn.addCompare(compare());
        }
        for (int left = draw.below(4); left > 0; left--) {
            txn.addSuccess(op(depth));
        }
        for (int left = draw.below(4); left > 0; left--) {
            txn.addFailure(op(depth));
        }
        return txn.build();
    }

    /* Just within, or just over, what a transaction may have. */
    private TxnRequest large() {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int left = 127 + draw.below(3); left > 0; left--) {
            txn.addSuccess(RequestOp.newBuilder().setRequestRange(kv.range()));
        }
        if (draw.oneIn(2)) {
            txn.setSuccess(0, RequestOp.newBuilder().setRequestTxn(txn(DEPTH_MAX)));
        }
        return txn.build();
    }

    private RequestOp op(int depth) {
        RequestOp.Builder op = RequestOp.newBuilder();
        switch (draw.below(10)) {
            case 0, 1, 2 -> op.setRequestRange(kv.range());
            case 3, 4, 5 -> op.setRequestPut(kv.put());
            case 6 -> op.setRequestDeleteRange(kv.delete());
            case 7, 8 -> {
                if (depth < DEPTH_MAX) {
                    op.setRequestTxn(txn(depth + 1));
                } else {
                    op.setRequestPut(kv.put());
                }
            }
            default -> {
                if (!draw.oneIn(10)) {
                    op.setRequestRange(kv.range());
                }
            }
        }
        return op.build();
    }

    private Compare compare() {
        Compare.Builder compare = Compare.newBuilder().setKey(draw.key())
                .setResultValue(draw.below(4));
        if (draw.oneIn(4)) {
            compare.setRangeEnd(draw.rangeEnd());
        }
        CompareTarget target = CompareTarget.forNumber(draw.below(5));
        compare.setTarget(target);
        if (draw.oneIn(30)) {
            return compare.build();
        }
        switch (target) {
            case VERSION -> compare.setVersion(draw.below(4));
            case CREATE -> compare.setCreateRevision(revisionOrNone());
            case MOD -> compare.setModRevision(revisionOrNone());
            case VALUE -> compare.setValue(draw.value());
            case LEASE -> compare.setLease(draw.leaseOrNone());
            case UNRECOGNIZED -> throw new IllegalStateException("no such target");
        }
        return compare.build();
    }

    private long revisionOrNone() {
        return draw.oneIn(2) ? 0 : Math.max(0, duel.revision() - draw.below(30));
    }
}
