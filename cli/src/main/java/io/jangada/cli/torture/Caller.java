// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.CompactionResponse;
import io.jangada.api.etcd.DeleteRangeResponse;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrantResponse;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseRevokeResponse;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.server.error.EtcdError;
import io.jangada.simulation.wire.EtcdWords;
import java.net.ConnectException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends one request to one member, once, and tells what came of it. Pure but for the network. */
final class Caller {
    /** What a member says before it has proposed anything, or once it has decided to do nothing. */
    private static final Set<EtcdError> NOTHING_DONE = Set.of(EtcdError.NO_SPACE,
            EtcdError.TOO_MANY_REQUESTS, EtcdError.REQUEST_TOO_LARGE, EtcdError.DUPLICATE_KEY,
            EtcdError.TOO_MANY_OPS);

    private Caller() {}

    /**
     * Waits for the answer.
     *
     * @param millisMax how long; after that the outcome is unknown
     */
    static Response call(Channel channel, Request request, long millisMax) {
        KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel).withDeadlineAfter(millisMax,
                TimeUnit.MILLISECONDS);
        LeaseGrpc.LeaseBlockingStub lease = LeaseGrpc.newBlockingStub(channel)
                .withDeadlineAfter(millisMax, TimeUnit.MILLISECONDS);
        try {
            return switch (request) {
                case Request.Put put -> {
                    PutResponse told = kv.put(EtcdWords.put(put));
                    yield EtcdWords.response(told, told.getHeader().getRevision());
                }
                case Request.Range range -> {
                    RangeResponse told = kv.range(EtcdWords.range(range));
                    yield EtcdWords.response(told, told.getHeader().getRevision());
                }
                case Request.DeleteRange delete -> {
                    DeleteRangeResponse told = kv.deleteRange(EtcdWords.delete(delete));
                    yield EtcdWords.response(told, told.getHeader().getRevision());
                }
                case Request.Txn txn -> {
                    TxnResponse told = kv.txn(EtcdWords.txn(txn));
                    yield EtcdWords.response(told, told.getHeader().getRevision());
                }
                case Request.Compact compact -> {
                    CompactionResponse told = kv.compact(EtcdWords.compact(compact));
                    yield EtcdWords.response(told, told.getHeader().getRevision());
                }
                case Request.LeaseGrant grant -> {
                    LeaseGrantResponse told = lease.leaseGrant(EtcdWords.grant(grant));
                    yield EtcdWords.response(told, told.getHeader().getRevision());
                }
                case Request.LeaseRevoke revoke -> {
                    LeaseRevokeResponse told = lease.leaseRevoke(EtcdWords.revoke(revoke));
                    yield EtcdWords.response(told, told.getHeader().getRevision());
                }
                case Request.LeaseKeepAlive alive ->
                    throw new IllegalArgumentException("never asked: " + alive);
            };
        } catch (StatusRuntimeException failed) {
            return failure(failed);
        }
    }

    /**
     * Refused only if it certainly did nothing: for a reason that etcd gives only then, or because there was no
     * connection to send it on.
     */
    static Response failure(StatusRuntimeException failed) {
        String text = String.valueOf(failed.getStatus().getDescription());
        if (text.equals(EtcdError.COMPACTED.status().getDescription())) {
            return new Response.Refused(Response.Reason.COMPACTED);
        }
        if (text.equals(EtcdError.FUTURE_REVISION.status().getDescription())) {
            return new Response.Refused(Response.Reason.FUTURE_REVISION);
        }
        if (text.equals(EtcdError.LEASE_NOT_FOUND.status().getDescription())) {
            return new Response.Refused(Response.Reason.LEASE_NOT_FOUND);
        }
        if (text.equals(EtcdError.LEASE_EXISTS.status().getDescription())) {
            return new Response.Refused(Response.Reason.LEASE_EXISTS);
        }
        boolean nothing = hasNoConnection(failed) || NOTHING_DONE.stream()
                .anyMatch(error -> text.equals(error.status().getDescription()));
        return nothing
                ? new Response.Refused(Response.Reason.OTHER)
                : new Response.Unknown();
    }

    private static boolean hasNoConnection(StatusRuntimeException failed) {
        for (@Nullable
        Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return true;
            }
        }
        return false;
    }
}
