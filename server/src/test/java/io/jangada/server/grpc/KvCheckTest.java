// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.error.EtcdError;
import org.junit.jupiter.api.Test;

class KvCheckTest {
    private static final int OPS_MAX = 3;

    @Test
    void aKeyMustBeGiven() {
        assertRefused(EtcdError.EMPTY_KEY,
                () -> KvCheck.check(RangeRequest.getDefaultInstance()));
        assertRefused(EtcdError.EMPTY_KEY, () -> KvCheck.check(PutRequest.getDefaultInstance()));
        assertRefused(EtcdError.EMPTY_KEY,
                () -> KvCheck.check(DeleteRangeRequest.getDefaultInstance()));
    }

    @Test
    void anUnknownOrderIsRefused() {
        assertRefused(EtcdError.INVALID_SORT_OPTION, () -> KvCheck.check(
                RangeRequest.newBuilder().setKey(utf8("k")).setSortOrderValue(9).build()));
    }

    @Test
    void whatIsIgnoredMustNotBeGiven() {
        assertRefused(EtcdError.VALUE_PROVIDED, () -> KvCheck.check(PutRequest.newBuilder()
                .setKey(utf8("k")).setValue(utf8("v")).setIgnoreValue(true).build()));
        assertRefused(EtcdError.LEASE_PROVIDED, () -> KvCheck.check(PutRequest.newBuilder()
                .setKey(utf8("k")).setLease(1).setIgnoreLease(true).build()));
    }

    @Test
    void aKeyIsPutOncePerBranchNestedOnesIncluded() {
        assertRefused(EtcdError.DUPLICATE_KEY,
                () -> check(TxnRequest.newBuilder().addSuccess(put("k")).addSuccess(put("k"))));
        assertRefused(EtcdError.DUPLICATE_KEY,
                () -> check(TxnRequest.newBuilder().addSuccess(put("k"))
                        .addSuccess(nested(TxnRequest.newBuilder().addFailure(put("k"))))));
        assertRefused(EtcdError.DUPLICATE_KEY,
                () -> check(TxnRequest.newBuilder().addSuccess(put("b"))
                        .addSuccess(delete("a", "c"))));
    }

    @Test
    void branchesThatExcludeEachOtherShareKeys() {
        assertThatCode(() -> check(
                TxnRequest.newBuilder().addSuccess(put("k")).addFailure(put("k"))))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(TxnRequest.newBuilder().addSuccess(nested(
                TxnRequest.newBuilder().addSuccess(put("k")).addFailure(put("k"))))))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(TxnRequest.newBuilder().addSuccess(put("c"))
                .addSuccess(delete("a", "c")))).doesNotThrowAnyException();
    }

    /** As in etcd, which takes the end of all keys for a key there. */
    @Test
    void aDeletionToTheEndOfAllKeysIsNotHeldAgainstPuts() {
        assertThatCode(() -> check(TxnRequest.newBuilder().addSuccess(put("b"))
                .addSuccess(delete("a", "\0")))).doesNotThrowAnyException();
    }

    @Test
    void whatATransactionPutsALaterOneMayDelete() {
        RequestOp puts = nested(TxnRequest.newBuilder().addSuccess(put("b")));
        RequestOp deletes = nested(TxnRequest.newBuilder().addFailure(delete("a", "c")));
        assertThatCode(() -> check(TxnRequest.newBuilder().addSuccess(puts).addSuccess(deletes)))
                .doesNotThrowAnyException();
        assertRefused(EtcdError.DUPLICATE_KEY,
                () -> check(TxnRequest.newBuilder().addSuccess(deletes).addSuccess(puts)));
        assertRefused(EtcdError.DUPLICATE_KEY, () -> check(TxnRequest.newBuilder()
                .addSuccess(puts).addSuccess(delete("a", "c"))));
        assertRefused(EtcdError.DUPLICATE_KEY,
                () -> check(TxnRequest.newBuilder().addSuccess(puts).addSuccess(puts)));
    }

    @Test
    void nestedOperationsHaveWhatIsLeft() {
        TxnRequest.Builder inner = TxnRequest.newBuilder().addSuccess(put("a"))
                .addSuccess(put("b"));
        assertThatCode(() -> check(TxnRequest.newBuilder().addSuccess(nested(inner))))
                .doesNotThrowAnyException();
        assertRefused(EtcdError.TOO_MANY_OPS, () -> check(
                TxnRequest.newBuilder().addSuccess(put("c")).addSuccess(nested(inner))));
        assertRefused(EtcdError.TOO_MANY_OPS, () -> check(TxnRequest.newBuilder()
                .addSuccess(put("a")).addSuccess(put("b")).addSuccess(put("c"))
                .addSuccess(put("d"))));
    }

    @Test
    void anOperationThatIsNoneIsRefused() {
        assertRefused(EtcdError.KEY_NOT_FOUND, () -> check(
                TxnRequest.newBuilder().addSuccess(RequestOp.getDefaultInstance())));
    }

    @Test
    void aTransactionTakesWhatItsDearerBranchTakes() {
        TxnRequest.Builder inner = TxnRequest.newBuilder().addFailure(put("cc"));
        TxnRequest txn = TxnRequest.newBuilder().addSuccess(put("a"))
                .addFailure(put("b")).addFailure(nested(inner)).addFailure(delete("a", "z"))
                .build();
        assertThat(Quota.bytes(txn)).isEqualTo(256 + 1 + 256 + 2);
        assertThat(Quota.bytes(TxnRequest.newBuilder().addSuccess(delete("a", "b")).build()))
                .isZero();
    }

    private static void check(TxnRequest.Builder txn) {
        KvCheck.check(txn.build(), OPS_MAX);
    }

    private static void assertRefused(EtcdError error, Runnable check) {
        assertThatThrownBy(check::run).isInstanceOfSatisfying(RequestRejected.class,
                rejected -> assertThat(rejected.error()).isEqualTo(error));
    }

    private static RequestOp put(String key) {
        return RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(utf8(key)))
                .build();
    }

    private static RequestOp delete(String from, String to) {
        return RequestOp.newBuilder().setRequestDeleteRange(
                DeleteRangeRequest.newBuilder().setKey(utf8(from)).setRangeEnd(utf8(to))).build();
    }

    private static RequestOp nested(TxnRequest.Builder txn) {
        return RequestOp.newBuilder().setRequestTxn(txn).build();
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
