// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.Compare.CompareResult;
import io.jangada.api.etcd.Compare.CompareTarget;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.DeleteRangeResponse;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeRequest.SortOrder;
import io.jangada.api.etcd.RangeRequest.SortTarget;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.server.error.EtcdError;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** etcd's rules for puts, deletions, ranges and transactions, on a store in memory. */
class ApplierTest {
    private final MvccStore store = MvccStore.open(new MemoryBackend());
    private final Applier applier = new Applier(store, List.of(), new Deaf());
    private long index = 1;

    @BeforeEach
    void begin() {
        applier.initialize(new AppliedState(new EntryId(1, 1), ConfState.ofVoters(List.of(1L))));
    }

    @AfterEach
    void end() {
        store.close();
    }

    @Test
    void whatALeaderDecidesHasNoEffectInAnotherTerm() {
        grant(7);
        InternalRaftRequest.Builder revoke = InternalRaftRequest.newBuilder()
                .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(7));
        revoke.getHeaderBuilder().setTerm(2);
        assertThat(inTerm(3, revoke.build()))
                .isEqualTo(new ApplyResult.Rejected(EtcdError.LEADER_CHANGED));
        assertThat(inTerm(2, revoke.build())).isInstanceOf(ApplyResult.Done.class);
    }

    @Test
    void aPutGivesThePreviousKeyValueIfAsked() {
        put("k", "1");
        PutResponse second = done(PutRequest.newBuilder().setKey(utf8("k")).setValue(utf8("2"))
                .setPrevKv(true).build());
        assertThat(second.getHeader().getRevision()).isEqualTo(3);
        assertThat(second.getPrevKv().getValue()).isEqualTo(utf8("1"));
        assertThat(second.getPrevKv().getModRevision()).isEqualTo(2);
    }

    @Test
    void ignoredPartsOfAPutStayAsTheyAre() {
        grant(7);
        done(PutRequest.newBuilder().setKey(utf8("k")).setValue(utf8("v")).setLease(7).build());
        var ignoredValue = done(PutRequest.newBuilder().setKey(utf8("k")).setIgnoreValue(true)
                .setIgnoreLease(true).build());
        assertThat(ignoredValue.getHeader().getRevision()).isEqualTo(3);
        var kv = range(key("k")).getKvs(0);
        assertThat(kv.getValue()).isEqualTo(utf8("v"));
        assertThat(kv.getLease()).isEqualTo(7);
        assertThat(kv.getVersion()).isEqualTo(2);
    }

    @Test
    void aPutIsRefusedForWhatItNames() {
        assertThat(refused(internal(PutRequest.newBuilder().setKey(utf8("k")).setLease(9).build())))
                .isEqualTo(EtcdError.LEASE_NOT_FOUND);
        assertThat(refused(internal(
                PutRequest.newBuilder().setKey(utf8("k")).setIgnoreValue(true).build())))
                .isEqualTo(EtcdError.KEY_NOT_FOUND);
        assertThat(store.revision()).isEqualTo(1);
    }

    @Test
    void aDeletionCountsKeysAndTakesNoRevisionForNone() {
        put("a", "1");
        put("b", "2");
        DeleteRangeResponse none = delete("x", "z", false);
        assertThat(none.getDeleted()).isZero();
        assertThat(store.revision()).isEqualTo(3);
        DeleteRangeResponse both = delete("a", "c", true);
        assertThat(both.getDeleted()).isEqualTo(2);
        assertThat(both.getPrevKvsList()).extracting(kv -> kv.getKey().toStringUtf8())
                .containsExactly("a", "b");
        assertThat(store.revision()).isEqualTo(4);
    }

    @Test
    void theLimitLeavesTheCountAlone() {
        put("a", "3");
        put("b", "2");
        put("c", "1");
        RangeResponse two = range(all().setLimit(2));
        assertThat(keys(two)).containsExactly("a", "b");
        assertThat(two.getCount()).isEqualTo(3);
        assertThat(two.getMore()).isTrue();
        assertThat(range(all().setLimit(3)).getMore()).isFalse();
    }

    @Test
    void anOrderSortsBeforeTheLimitCuts() {
        put("a", "3");
        put("b", "2");
        put("c", "1");
        assertThat(keys(range(all().setSortTarget(SortTarget.VALUE)
                .setSortOrder(SortOrder.ASCEND).setLimit(2)))).containsExactly("c", "b");
        assertThat(keys(range(all().setSortOrder(SortOrder.DESCEND).setLimit(1))))
                .containsExactly("c");
    }

    /** etcd's trap: without an order, only as many as the limit says and one more are read and sorted, and then cut. */
    @Test
    void noOrderButATargetSortsOneMoreThanTheLimit() {
        put("a", "3");
        put("b", "2");
        put("c", "4");
        put("d", "1");
        RangeResponse two = range(all().setSortTarget(SortTarget.VALUE).setLimit(2));
        assertThat(keys(two)).containsExactly("b", "a");
        assertThat(two.getMore()).isTrue();
        RangeResponse one = range(all().setSortTarget(SortTarget.VALUE).setLimit(1));
        assertThat(keys(one)).containsExactly("b");
        assertThat(one.getMore()).isTrue();
        RangeResponse whole = range(all().setSortTarget(SortTarget.VALUE).setLimit(4));
        assertThat(keys(whole)).containsExactly("d", "b", "a", "c");
        assertThat(whole.getMore()).isFalse();
    }

    @Test
    void revisionFiltersReadEverythingAndThenCut() {
        put("a", "1");
        put("b", "2");
        put("c", "3");
        put("a", "4");
        assertThat(keys(range(all().setMinModRevision(4)))).containsExactly("a", "c");
        assertThat(keys(range(all().setMaxCreateRevision(3).setMinModRevision(3).setLimit(1))))
                .containsExactly("a");
        assertThat(keys(range(all().setMaxModRevision(3)))).containsExactly("b");
    }

    @Test
    void aNegativeRevisionFilterIsOne() {
        put("a", "1");
        assertThat(keys(range(all().setMinModRevision(-1)))).containsExactly("a");
        assertThat(keys(range(all().setMaxModRevision(-1)))).isEmpty();
        assertThat(keys(range(all().setMaxCreateRevision(-1)))).isEmpty();
    }

    /** By itself it asks for the lease first, in a transaction for the key. */
    @Test
    void aPutThatIsWrongTwiceIsRefusedForOne() {
        PutRequest put = PutRequest.newBuilder().setKey(utf8("k")).setLease(9)
                .setIgnoreValue(true).build();
        assertThat(refused(internal(put))).isEqualTo(EtcdError.LEASE_NOT_FOUND);
        assertThat(refused(internal(TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestPut(put)).build())))
                .isEqualTo(EtcdError.KEY_NOT_FOUND);
    }

    /** Outside it is the newest one. */
    @Test
    void aNegativeRevisionInATransactionIsGone() {
        put("a", "1");
        put("a", "2");
        assertThat(refused(internal(readAt(-2)))).isEqualTo(EtcdError.COMPACTED);
        assertThat(txn(readAt(-1).toBuilder()).getResponses(0).getResponseRange().getKvs(0)
                .getValue()).isEqualTo(utf8("2"));
        applied(compaction(0)); // Which is more than never.
        assertThat(refused(internal(readAt(-1)))).isEqualTo(EtcdError.COMPACTED);
        assertThat(keys(range(all().setRevision(-1)))).containsExactly("a");
    }

    private static TxnRequest readAt(long revision) {
        return TxnRequest.newBuilder().addSuccess(
                RequestOp.newBuilder().setRequestRange(key("a").setRevision(revision))).build();
    }

    @Test
    void keysOnlyAndCountOnly() {
        put("a", "1");
        RangeResponse keysOnly = range(all().setKeysOnly(true));
        assertThat(keysOnly.getKvs(0).getValue()).isEqualTo(ByteString.EMPTY);
        RangeResponse count = range(all().setCountOnly(true));
        assertThat(count.getCount()).isEqualTo(1);
        assertThat(count.getKvsList()).isEmpty();
    }

    @Test
    void aTransactionComparesTheStateBeforeIt() {
        put("k", "old");
        TxnRequest nested = TxnRequest.newBuilder().addCompare(value("k", "old"))
                .addSuccess(op(PutRequest.newBuilder().setKey(utf8("n")).build())).build();
        TxnResponse response = txn(TxnRequest.newBuilder().addCompare(value("k", "old"))
                .addSuccess(op(PutRequest.newBuilder().setKey(utf8("k")).setValue(utf8("new"))
                        .build()))
                .addSuccess(RequestOp.newBuilder().setRequestTxn(nested))
                .addSuccess(RequestOp.newBuilder().setRequestRange(key("k"))));
        assertThat(response.getSucceeded()).isTrue();
        assertThat(response.getResponses(1).getResponseTxn().getSucceeded()).isTrue();
        assertThat(response.getResponses(2).getResponseRange().getKvs(0).getValue())
                .isEqualTo(utf8("new"));
        assertThat(store.revision()).as("one transaction, one revision").isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"VERSION,true", "CREATE,true", "MOD,true", "LEASE,true", "VALUE,false"})
    void aMissingKeyComparesAsZeroButHasNoValue(CompareTarget target, boolean holds) {
        Compare.Builder compare = Compare.newBuilder().setKey(utf8("none")).setTarget(target)
                .setResult(CompareResult.EQUAL);
        if (target == CompareTarget.VALUE) {
            compare.setValue(ByteString.EMPTY);
        }
        assertThat(txn(TxnRequest.newBuilder().addCompare(compare)).getSucceeded())
                .isEqualTo(holds);
    }

    @Test
    void aCompareOfARangeHoldsForAllKeysInIt() {
        put("a", "1");
        put("b", "2");
        Compare.Builder greater = value("a", "0").setRangeEnd(utf8("c"))
                .setResult(CompareResult.GREATER);
        assertThat(txn(TxnRequest.newBuilder().addCompare(greater)).getSucceeded()).isTrue();
        assertThat(txn(TxnRequest.newBuilder().addCompare(greater.setValue(utf8("1"))))
                .getSucceeded()).isFalse();
    }

    @Test
    void aTransactionThatFailsHalfWayHasNoEffect() {
        put("k", "v");
        TxnRequest.Builder txn = TxnRequest.newBuilder()
                .addSuccess(op(PutRequest.newBuilder().setKey(utf8("k")).setValue(utf8("w"))
                        .build()))
                .addSuccess(op(PutRequest.newBuilder().setKey(utf8("l")).setLease(9).build()));
        assertThat(refused(internal(txn.build()))).isEqualTo(EtcdError.LEASE_NOT_FOUND);
        TxnRequest.Builder future = TxnRequest.newBuilder()
                .addSuccess(op(PutRequest.newBuilder().setKey(utf8("k")).build()))
                .addSuccess(RequestOp.newBuilder().setRequestRange(key("k").setRevision(99)));
        assertThat(refused(internal(future.build()))).isEqualTo(EtcdError.FUTURE_REVISION);
        assertThat(range(key("k")).getKvs(0).getValue()).isEqualTo(utf8("v"));
        assertThat(store.revision()).isEqualTo(2);
    }

    @Test
    void compactionHasItsLimits() {
        put("k", "1");
        put("k", "2");
        assertThat(refused(compaction(9))).isEqualTo(EtcdError.FUTURE_REVISION);
        applied(compaction(3));
        assertThat(refused(compaction(3))).isEqualTo(EtcdError.COMPACTED);
        assertThat(keys(range(key("k").setRevision(3)))).containsExactly("k");
    }

    @Test
    void theEndOfALeaseDeletesItsKeysInOneRevision() {
        grant(7);
        done(PutRequest.newBuilder().setKey(utf8("b")).setLease(7).build());
        done(PutRequest.newBuilder().setKey(utf8("a")).setLease(7).build());
        applied(revoke(7));
        assertThat(range(all()).getCount()).isZero();
        assertThat(store.revision()).isEqualTo(4);
        assertThat(refused(revoke(7))).isEqualTo(EtcdError.LEASE_NOT_FOUND);
    }

    @Test
    void aLeaseIsGrantedOnce() {
        grant(7);
        assertThat(refused(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(10)).build()))
                .isEqualTo(EtcdError.LEASE_EXISTS);
        assertThat(refused(InternalRaftRequest.newBuilder().setLeaseGrant(
                LeaseGrantRequest.newBuilder().setID(8).setTTL(9_000_000_001L)).build()))
                .isEqualTo(EtcdError.LEASE_TTL_TOO_LARGE);
    }

    @Test
    void aFullDatabaseRefusesWhatTakesSpaceUntilTheAlarmIsLowered() {
        put("k", "v");
        alarm(AlarmRequest.AlarmAction.ACTIVATE);
        assertThat(refused(internal(PutRequest.newBuilder().setKey(utf8("k")).build())))
                .isEqualTo(EtcdError.NO_SPACE);
        assertThat(delete("k", "", false).getDeleted()).isEqualTo(1);
        alarm(AlarmRequest.AlarmAction.DEACTIVATE);
        put("k", "w");
        assertThat(range(key("k")).getCount()).isEqualTo(1);
    }

    /** A batch is atomic, but a refusal in it is the refused request's own. */
    @Test
    void refusalsInABatchLeaveTheOthersAlone() {
        List<ApplyResult> results = applier.apply(List.of(
                command(internal(PutRequest.newBuilder().setKey(utf8("a")).build())),
                command(internal(PutRequest.newBuilder().setKey(utf8("b")).setLease(1).build())),
                command(internal(PutRequest.newBuilder().setKey(utf8("c")).build()))));
        assertThat(results.get(1)).isEqualTo(new ApplyResult.Rejected(EtcdError.LEASE_NOT_FOUND));
        assertThat(keys(range(all()))).containsExactly("a", "c");
        assertThat(applier.recover().last()).isEqualTo(new EntryId(1, 4));
    }

    @ParameterizedTest
    @EnumSource(EtcdError.class)
    void everyErrorHasEtcdsPrefix(EtcdError error) {
        assertThat(error.status().getDescription()).matches("(etcdserver|auth|bcrypt): .+");
        assertThat(error.exception().getStatus()).isEqualTo(error.status());
    }

    private void put(String key, String value) {
        done(PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)).build());
    }

    private PutResponse done(PutRequest put) {
        return (PutResponse) applied(internal(put));
    }

    private TxnResponse txn(TxnRequest.Builder txn) {
        return (TxnResponse) applied(internal(txn.build()));
    }

    private DeleteRangeResponse delete(String from, String to, boolean previous) {
        return (DeleteRangeResponse) applied(InternalRaftRequest.newBuilder()
                .setDeleteRange(DeleteRangeRequest.newBuilder().setKey(utf8(from))
                        .setRangeEnd(utf8(to)).setPrevKv(previous))
                .build());
    }

    private void grant(long id) {
        applied(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(10)).build());
    }

    private void alarm(AlarmRequest.AlarmAction action) {
        applied(InternalRaftRequest.newBuilder().setAlarm(AlarmRequest.newBuilder()
                .setAction(action).setMemberID(1).setAlarm(AlarmType.NOSPACE)).build());
    }

    private RangeResponse range(RangeRequest.Builder request) {
        try (ReadView view = store.view()) {
            return RangeReader.read(view::range, request.build()).build();
        }
    }

    private MessageLite applied(InternalRaftRequest request) {
        ApplyResult result = applier.apply(List.of(command(request))).getFirst();
        assertThat(result).isInstanceOf(ApplyResult.Done.class);
        return ((ApplyResult.Done) result).response();
    }

    private EtcdError refused(InternalRaftRequest request) {
        ApplyResult result = applier.apply(List.of(command(request))).getFirst();
        assertThat(result).isInstanceOf(ApplyResult.Rejected.class);
        return ((ApplyResult.Rejected) result).error();
    }

    private ApplyResult inTerm(long term, InternalRaftRequest request) {
        index++;
        return applier.apply(List.of(new Command(new EntryId(term, index),
                Bytes.wrap(request.toByteArray())))).getFirst();
    }

    private Command command(InternalRaftRequest request) {
        index++;
        return new Command(new EntryId(1, index), Bytes.wrap(request.toByteArray()));
    }

    private static InternalRaftRequest internal(PutRequest put) {
        return InternalRaftRequest.newBuilder().setPut(put).build();
    }

    private static InternalRaftRequest internal(TxnRequest txn) {
        return InternalRaftRequest.newBuilder().setTxn(txn).build();
    }

    private static InternalRaftRequest compaction(long revision) {
        return InternalRaftRequest.newBuilder()
                .setCompaction(CompactionRequest.newBuilder().setRevision(revision)).build();
    }

    private static InternalRaftRequest revoke(long id) {
        return InternalRaftRequest.newBuilder()
                .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id)).build();
    }

    private static RequestOp op(PutRequest put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    private static Compare.Builder value(String key, String value) {
        return Compare.newBuilder().setKey(utf8(key)).setTarget(CompareTarget.VALUE)
                .setResult(CompareResult.EQUAL).setValue(utf8(value));
    }

    private static RangeRequest.Builder key(String key) {
        return RangeRequest.newBuilder().setKey(utf8(key));
    }

    private static RangeRequest.Builder all() {
        return RangeRequest.newBuilder().setKey(utf8("\0")).setRangeEnd(utf8("\0"));
    }

    private static List<String> keys(RangeResponse response) {
        return response.getKvsList().stream().map(kv -> kv.getKey().toStringUtf8()).toList();
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static final class Deaf implements ApplyObserver {
        @Override
        public void compacted(long revision) {}

        @Override
        public void leaseGranted(long id, long ttlSeconds) {}

        @Override
        public void leaseRevoked(long id) {}

        @Override
        public void restored() {}

        @Override
        public void checkAsked(long index, CorruptCheck check) {}

        @Override
        public void checkReported(long index) {}

        @Override
        public void alarms(List<AlarmMember> raised) {}
    }
}
