// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;

/** Generates ranges, puts and deletes with all their options. Enum values that do not exist are left out: 3.4 dies of them. */
final class KvRequests {
    private final Draw draw;

    KvRequests(Draw draw) {
        this.draw = draw;
    }

    Call rangeCall() {
        return Call.of(KVGrpc.getRangeMethod(), range());
    }

    Call putCall() {
        return Call.of(KVGrpc.getPutMethod(), put());
    }

    Call deleteCall() {
        return Call.of(KVGrpc.getDeleteRangeMethod(), delete());
    }

    RangeRequest range() {
        RangeRequest.Builder range = RangeRequest.newBuilder().setKey(draw.key())
                .setRangeEnd(draw.rangeEnd()).setRevision(draw.revision())
                .setSerializable(draw.oneIn(2));
        if (draw.oneIn(3)) {
            range.setLimit(draw.below(6) - 1);
        }
        if (draw.oneIn(3)) {
            range.setSortOrderValue(draw.below(3)).setSortTargetValue(draw.below(5));
        }
        if (draw.oneIn(3)) {
            range.setMinModRevision(draw.bound()).setMaxModRevision(draw.bound())
                    .setMinCreateRevision(draw.bound()).setMaxCreateRevision(draw.bound());
        }
        return range.setKeysOnly(draw.oneIn(6)).setCountOnly(draw.oneIn(8)).build();
    }

    PutRequest put() {
        PutRequest.Builder put = PutRequest.newBuilder().setKey(draw.key())
                .setPrevKv(draw.oneIn(3)).setIgnoreValue(draw.oneIn(8))
                .setIgnoreLease(draw.oneIn(8));
        if (!put.getIgnoreValue() || draw.oneIn(10)) {
            put.setValue(draw.value());
        }
        if (!put.getIgnoreLease() || draw.oneIn(10)) {
            put.setLease(draw.leaseOrNone());
        }
        return put.build();
    }

    DeleteRangeRequest delete() {
        DeleteRangeRequest.Builder delete = DeleteRangeRequest.newBuilder().setKey(draw.key())
                .setPrevKv(draw.oneIn(2));
        if (draw.oneIn(3)) {
            delete.setRangeEnd(draw.rangeEnd());
        }
        return delete.build();
    }
}
