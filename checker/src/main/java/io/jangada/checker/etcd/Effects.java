// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.etcd;

import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.List;

/** What an operation is, as far as its request and its response tell. Pure functions. */
public final class Effects {
    private Effects() {}

    /** Whether the response says that it changed keys, so that its revision is its own. */
    public static boolean madeRevision(Response response) {
        return switch (response) {
            case Response.Put ignored -> true;
            case Response.DeleteRange delete -> delete.deleted() > 0;
            case Response.Txn txn -> anyMadeRevision(txn.responses());
            case Response.Range ignored -> false;
            case Response.Compact ignored -> false;
            case Response.LeaseGrant ignored -> false;
            case Response.LeaseRevoke ignored -> false; // Only the state tells.
            case Response.LeaseKeepAlive ignored -> false;
            case Response.Refused ignored -> false;
            case Response.Unknown ignored -> false;
        };
    }

    private static boolean anyMadeRevision(List<Response.Done> responses) {
        for (Response.Done each : responses) {
            if (madeRevision(each)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it could change keys at all. */
    public static boolean mayChange(Request request) {
        return switch (request) {
            case Request.Put ignored -> true;
            case Request.DeleteRange ignored -> true;
            case Request.LeaseRevoke ignored -> true;
            case Request.Txn txn -> anyMayChange(txn.success()) || anyMayChange(txn.failure());
            case Request.Range ignored -> false;
            case Request.Compact ignored -> false;
            case Request.LeaseGrant ignored -> false;
            case Request.LeaseKeepAlive ignored -> false;
        };
    }

    private static boolean anyMayChange(List<Request.Op> ops) {
        return ops.stream().anyMatch(Effects::mayChange);
    }

    /** Whether its revision is as fresh as all that ended before it began. */
    public static boolean isLinearizable(Operation operation) {
        return switch (operation.request()) {
            case Request.Range range -> range.consistency() == Request.Consistency.LINEARIZABLE;
            case Request.Txn txn -> mayChange(txn) || !readsOnlySerializably(txn);
            case Request.LeaseKeepAlive ignored -> false; // Its header is the serving member's.
            case Request.Put ignored -> true;
            case Request.DeleteRange ignored -> true;
            case Request.Compact ignored -> true;
            case Request.LeaseGrant ignored -> true;
            case Request.LeaseRevoke ignored -> true;
        };
    }

    private static boolean readsOnlySerializably(Request.Txn txn) {
        return isSerializable(txn.success()) && isSerializable(txn.failure());
    }

    private static boolean isSerializable(List<Request.Op> ops) {
        return ops.stream().allMatch(op -> op instanceof Request.Range range
                && range.consistency() == Request.Consistency.SERIALIZABLE);
    }
}
