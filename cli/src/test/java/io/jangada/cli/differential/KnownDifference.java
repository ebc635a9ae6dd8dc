// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.api.etcd.AuthRoleGetResponse;
import io.jangada.api.etcd.HashKVRequest;
import io.jangada.api.etcd.HashKVResponse;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeRequest.SortTarget;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.mvcc.KeyValue;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where etcd 3.4 answers otherwise than the 3.7 that Jangada follows. docs/api.md has the same table. Immutable. */
enum KnownDifference {
    /** A range of keys only. */
    KEYS_ONLY_LEASE("Range, `keys_only`", "tells the lease of each key", "tells no leases") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return call.toString().contains("keys_only: true")
                    && equalAfter(KnownDifference::withoutLease, etcd, jangada);
        }
    },
    /** Keys that are equal in what they are sorted by. */
    SORT_TIES("Range, sorted by other than the key, more than 12 keys",
            "those that are equal come in any order", "by key") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return call.request() instanceof RangeRequest range
                    && range.getSortTarget() != SortTarget.KEY
                    && equalAfter(message -> sortedBy(range.getSortTarget(), message), etcd,
                            jangada);
        }
    },
    /** The revision of a hash. */
    HASH_REVISION("HashKV", "has no `hash_revision`", "tells it") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return equalAfter(message -> message instanceof HashKVResponse hash
                    ? hash.toBuilder().clearHashRevision().build()
                    : message, etcd, jangada);
        }
    },
    /** A hash at the revision that history is compacted to. */
    HASH_AT_COMPACTION("HashKV of the compact revision", "`required revision has been compacted`",
            "answers") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return call.request() instanceof HashKVRequest hash && jangada.isOk()
                    && jangada.messages().getFirst() instanceof HashKVResponse told
                    && told.getCompactRevision() == hash.getRevision()
                    && etcd.text().equals("etcdserver: mvcc: required revision has been compacted");
        }
    },
    /** Two operations that cannot be. */
    PUTS_CHECKED_FIRST("Txn, an operation that cannot be and another",
            "the first put of them is told",
            "the first of them is told") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return call.request() instanceof TxnRequest && OF_PUTS.contains(etcd.text())
                    && OF_RANGES.contains(jangada.text());
        }
    },
    /** An error that 3.4 hands out as it is inside. */
    ADMIN_ERRORS("HashKV, a user without permission", "`UNKNOWN`, `auth: ...`",
            "the code of the error, `etcdserver: ...`") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return call.request() instanceof HashKVRequest && etcd.code() == Status.Code.UNKNOWN
                    && etcd.text().replace("auth: ", "etcdserver: ").equals(jangada.text());
        }
    },
    /** What 3.4 lets everybody do with leases. */
    LEASES_OF_NOBODY("the Lease service with authentication on, no valid token",
            "served, but for what touches keys", "refused for the token") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return LeaseGrpc.SERVICE_NAME.equals(call.method().getServiceName())
                    && isDenied(jangada) && !isDenied(etcd);
        }
    },
    /** A transaction that touches no key. */
    EMPTY_TXN_OF_NOBODY("Txn without any key, with authentication on, no valid token", "served",
            "refused for the token") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return call.request() instanceof TxnRequest txn && isEmpty(txn) && isDenied(jangada);
        }
    },
    /** What root may. */
    ROOTS_PERMISSIONS("RoleGet of `root`", "tells what it was granted", "tells all keys") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return call.request() instanceof AuthRoleGetRequest role
                    && role.getRole().equals("root") && etcd.isOk() && jangada.isOk()
                    && jangada.messages().getFirst() instanceof AuthRoleGetResponse told
                    && told.getPermList().equals(List.of(EVERYTHING));
        }
    },
    /** Not sent. */
    RANGES_OF_NO_KEYS("With authentication on, `range_end` not after `key`",
            "needs a permission from before the end to after the key",
            "needs a permission of the key"),
    /** Not sent. */
    PERMISSION_OF_NO_KEYS("RoleGrantPermission, `range_end` not after `key`", "granted",
            "`invalid auth management`"),
    /** Not sent. */
    PERMISSIONS_OF_ONE_KEY(
            "RoleGrantPermission, again, beside another that begins with the same key",
            "may be kept twice", "is kept once"),
    /** Sent by root only. */
    NESTED_TXNS("Txn by a user, a nested transaction", "its permissions are not looked at",
            "needs the permissions of all that is in it"),
    /** Sent by root only. */
    TXN_PUTS_WITH_LEASES("Txn by a user, a put with a lease",
            "the keys that the lease has already are not looked at",
            "needs the permission to write them all, as for a put alone"),
    /** Not sent. */
    DELETED_AT_COMPACTION("Watch from the compact revision, of a key deleted at it",
            "the deletion is not told (before 3.4.34)", "it is told"),
    /** Not sent. */
    UNKNOWN_ENUMS("Range, a sort order or target that is none", "the server ends",
            "`invalid sort option`"),
    /** Two reasons to refuse one request. */
    MALFORMED_AND_DENIED("KV, a malformed request without permission", "refused for its form",
            "refused for the permission") {
        @Override
        boolean covers(Call call, Answer etcd, Answer jangada) {
            return KVGrpc.SERVICE_NAME.equals(call.method().getServiceName())
                    && isDenied(jangada) && MALFORMED.contains(etcd.text());
        }
    };

    private static final Permission EVERYTHING = Permission.newBuilder()
            .setPermType(Permission.Type.READWRITE).setRangeEnd(Draw.ZERO).build();
    private static final Set<String> OF_PUTS = Set.of("etcdserver: key not found",
            "etcdserver: requested lease not found");
    private static final Set<String> OF_RANGES = Set.of(
            "etcdserver: mvcc: required revision has been compacted",
            "etcdserver: mvcc: required revision is a future revision");
    private static final Set<String> MALFORMED = Set.of("etcdserver: key is not provided",
            "etcdserver: key not found", "etcdserver: value is provided",
            "etcdserver: lease is provided", "etcdserver: too many operations in txn request",
            "etcdserver: duplicate key given in txn request");
    private static final Set<String> DENIED = Set.of("etcdserver: user name is empty",
            "etcdserver: permission denied", "etcdserver: invalid auth token");

    /** The head of the table in the document. */
    static final String TABLE = "| where | etcd 3.4 | Jangada |\n|---|---|---|\n";

    private final String where;
    private final String etcd;
    private final String jangada;

    KnownDifference(String where, String etcd, String jangada) {
        this.where = where;
        this.etcd = etcd;
        this.jangada = jangada;
    }

    /** Whether this is all that differs between two answers to {@code call}, which are normal. */
    boolean covers(Call call, Answer etcd, Answer jangada) {
        return false;
    }

    /** Its row of the table in the document. */
    String row() {
        return "| " + where + " | " + etcd + " | " + jangada + " |";
    }

    private static boolean isDenied(Answer answer) {
        return DENIED.contains(answer.text());
    }

    private static boolean isEmpty(TxnRequest txn) {
        return txn.getCompareCount() == 0
                && Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream())
                        .allMatch(op -> op.hasRequestTxn() && isEmpty(op.getRequestTxn()));
    }

    private static Message sortedBy(SortTarget target, Message message) {
        if (!(message instanceof KeyValue kv)) {
            return message;
        }
        KeyValue.Builder kept = KeyValue.newBuilder();
        return switch (target) {
            case VERSION -> kept.setVersion(kv.getVersion()).build();
            case CREATE -> kept.setCreateRevision(kv.getCreateRevision()).build();
            case MOD -> kept.setModRevision(kv.getModRevision()).build();
            case VALUE -> kept.setValue(kv.getValue()).build();
            case KEY, UNRECOGNIZED -> kv;
        };
    }

    private static Message withoutLease(Message message) {
        return message instanceof KeyValue kv ? kv.toBuilder().clearLease().build() : message;
    }

    private static boolean equalAfter(UnaryOperator<Message> change, Answer one, Answer other) {
        return changed(change, one).equals(changed(change, other));
    }

    private static Answer changed(UnaryOperator<Message> change, Answer answer) {
        return new Answer(answer.messages().stream().map(each -> Normal.deep(each, change))
                .toList(), answer.code(), answer.text());
    }
}
