// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.mvcc.KeyRange;
import io.jangada.server.auth.Need.KeyAccess;
import io.jangada.server.auth.Need.Mode;
import java.util.ArrayList;
import java.util.List;

/** Every place in a request where keys can be, and what that does to them. Pure. */
final class KvNeeds {
    private KvNeeds() {}

    static Need of(RangeRequest range) {
        return new Need.Keys(List.of(read(range.getKey(), range.getRangeEnd())));
    }

    static Need of(PutRequest put) {
        List<KeyAccess> all = new ArrayList<>();
        add(put, all);
        return new Need.Keys(all);
    }

    static Need of(DeleteRangeRequest delete) {
        List<KeyAccess> all = new ArrayList<>();
        add(delete, all);
        return new Need.Keys(all);
    }

    static Need of(TxnRequest txn) {
        List<KeyAccess> all = new ArrayList<>();
        add(txn, all);
        return new Need.Keys(all);
    }

    /** To change all that is attached to a lease: what ends it does so. */
    static Need ofLease(long id) {
        return new Need.Keys(List.of(new KeyAccess.OfLease(Mode.WRITE, id)));
    }

    static KeyAccess read(ByteString key, ByteString rangeEnd) {
        return new KeyAccess.Range(Mode.READ, key, rangeEnd);
    }

    static KeyAccess write(ByteString key, ByteString rangeEnd) {
        return new KeyAccess.Range(Mode.WRITE, key, rangeEnd);
    }

    /** To read and change all that starts with {@code prefix}. */
    static List<KeyAccess> allOf(ByteString prefix) {
        KeyRange range = KeyRange.prefix(prefix);
        return List.of(read(range.key(), range.rangeEnd()), write(range.key(), range.rangeEnd()));
    }

    /* Who attaches a key to a lease must be able to change all that is attached already: otherwise it
     * could not revoke the lease, yet its key would go with it (etcd: checkLeasePuts). */
    private static void add(PutRequest put, List<KeyAccess> all) {
        all.add(write(put.getKey(), ByteString.EMPTY));
        if (put.getLease() != 0) {
            all.add(new KeyAccess.OfLease(Mode.WRITE, put.getLease()));
        }
        if (put.getPrevKv()) {
            all.add(read(put.getKey(), ByteString.EMPTY));
        }
    }

    private static void add(DeleteRangeRequest delete, List<KeyAccess> all) {
        all.add(write(delete.getKey(), delete.getRangeEnd()));
        if (delete.getPrevKv()) {
            all.add(read(delete.getKey(), delete.getRangeEnd()));
        }
    }

    /* Both branches, whichever will be taken: what a transaction may do does not depend on the data. */
    private static void add(TxnRequest txn, List<KeyAccess> all) {
        for (Compare compare : txn.getCompareList()) {
            all.add(read(compare.getKey(), compare.getRangeEnd()));
        }
        txn.getSuccessList().forEach(op -> add(op, all));
        txn.getFailureList().forEach(op -> add(op, all));
    }

    private static void add(RequestOp op, List<KeyAccess> all) {
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> all
                    .add(read(op.getRequestRange().getKey(), op.getRequestRange().getRangeEnd()));
            case REQUEST_PUT -> add(op.getRequestPut(), all);
            case REQUEST_DELETE_RANGE -> add(op.getRequestDeleteRange(), all);
            case REQUEST_TXN -> add(op.getRequestTxn(), all);
            case REQUEST_NOT_SET -> {
            }
        }
    }
}
