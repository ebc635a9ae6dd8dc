// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.api.mvcc.KeyValue;
import java.util.concurrent.CompletableFuture;

/**
 * Queues of keys, as etcd's clients make them: a queue is a prefix, a place in it a key that ends with the
 * lease it lives by, and the order that of the creation revisions (etcd: clientv3 concurrency). Pure, but
 * for the calls.
 */
final class Queues {
    /** What a place lives by that brings no lease of its own: as long as in etcd. */
    private static final long LEASE_SECONDS = 60;

    private Queues() {}

    /**
     * A place in a queue.
     *
     * @param key what holds it
     * @param revision when it was taken
     * @param lease ends it
     * @param value what it says, which may have been there before
     * @param answer to the transaction that took or found it
     */
    record Place(ByteString key, long revision, long lease, ByteString value,
            TxnResponse answer) {}

    static ByteString prefix(ByteString name) {
        return name.concat(ByteString.copyFromUtf8("/"));
    }

    /** The end of the keys that begin with {@code prefix}, which ends with a slash. */
    static ByteString end(ByteString prefix) {
        return prefix.substring(0, prefix.size() - 1).concat(ByteString.copyFromUtf8("0"));
    }

    /** Takes the last place in the queue {@code name}, or finds the one that the lease has. */
    static CompletableFuture<Place> enter(LocalKv kv, ByteString name, long lease,
            ByteString value) {
        CompletableFuture<Long> living = lease != 0
                ? CompletableFuture.completedFuture(lease)
                : kv.grant(LeaseGrantRequest.newBuilder().setTTL(LEASE_SECONDS).build())
                        .thenApply(granted -> granted.getID());
        return living.thenCompose(id -> {
            ByteString key = prefix(name).concat(ByteString.copyFromUtf8(Long.toHexString(id)));
            TxnRequest request = TxnRequest.newBuilder().addCompare(created(key, 0))
                    .addSuccess(put(key, value, id)).addFailure(get(key)).build();
            return kv.txn(request).thenApply(answer -> place(key, id, value, answer));
        });
    }

    private static Place place(ByteString key, long lease, ByteString value, TxnResponse answer) {
        if (answer.getSucceeded()) {
            return new Place(key, answer.getHeader().getRevision(), lease, value, answer);
        }
        KeyValue found = answer.getResponses(0).getResponseRange().getKvs(0);
        return new Place(key, found.getCreateRevision(), lease, found.getValue(), answer);
    }

    /** Gives the place up, if it is still the one. */
    static CompletableFuture<TxnResponse> leave(LocalKv kv, ByteString key, long revision) {
        return kv.txn(TxnRequest.newBuilder().addCompare(created(key, revision))
                .addSuccess(RequestOp.newBuilder().setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(key)))
                .build());
    }

    /** Lets the place say something else, if it is still the one. */
    static CompletableFuture<TxnResponse> say(LocalKv kv, ByteString key, long revision, long lease,
            ByteString value) {
        return kv.txn(TxnRequest.newBuilder().addCompare(created(key, revision))
                .addSuccess(put(key, value, lease)).build());
    }

    /** Asks for the first in the queue {@code name}. */
    static RangeRequest first(ByteString name) {
        ByteString prefix = prefix(name);
        return RangeRequest.newBuilder().setKey(prefix).setRangeEnd(end(prefix)).setLimit(1)
                .setSortTarget(RangeRequest.SortTarget.CREATE)
                .setSortOrder(RangeRequest.SortOrder.ASCEND).build();
    }

    private static Compare created(ByteString key, long revision) {
        return Compare.newBuilder().setKey(key).setTarget(Compare.CompareTarget.CREATE)
                .setResult(Compare.CompareResult.EQUAL).setCreateRevision(revision).build();
    }

    private static RequestOp put(ByteString key, ByteString value, long lease) {
        return RequestOp.newBuilder().setRequestPut(
                PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease)).build();
    }

    private static RequestOp get(ByteString key) {
        return RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key))
                .build();
    }
}
