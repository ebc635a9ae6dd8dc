// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.CorruptHash;
import io.jangada.api.etcd.CorruptReport;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.raftnode.StateSnapshot;
import io.jangada.server.error.EtcdError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When writes are refused for an alarm: exactly while it is raised in the state. */
final class ApplierAlarmTest {
    private static final ApplyResult NO_SPACE = new ApplyResult.Rejected(EtcdError.NO_SPACE);
    private static final ApplyResult CORRUPT = new ApplyResult.Rejected(EtcdError.CORRUPT);

    private final MvccStore store = MvccStore.open(new MemoryBackend());
    private final Applier applier = applierOf(store);
    private long index = 1;

    @BeforeEach
    void initialize() {
        applier.recover();
        applier.initialize(at(index));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theAlarmCountsFromItsOwnEntryOn() {
        List<ApplyResult> results = applier.apply(List.of(put(),
                alarm(AlarmType.NOSPACE, AlarmRequest.AlarmAction.ACTIVATE), put(),
                alarm(AlarmType.NOSPACE, AlarmRequest.AlarmAction.DEACTIVATE), put()));

        assertThat(results.get(0)).isInstanceOf(ApplyResult.Done.class);
        assertThat(results.get(2)).isEqualTo(NO_SPACE);
        assertThat(results.get(4)).isInstanceOf(ApplyResult.Done.class);
    }

    @Test
    void whileMembersDifferAllIsRefusedAsCorrupt() {
        List<ApplyResult> results = applier.apply(List.of(
                alarm(AlarmType.CORRUPT, AlarmRequest.AlarmAction.ACTIVATE), put(),
                command(InternalRaftRequest.newBuilder()
                        .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(9))),
                alarm(AlarmType.CORRUPT, AlarmRequest.AlarmAction.DEACTIVATE), put()));

        assertThat(results.subList(1, 3)).containsOnly(CORRUPT);
        assertThat(results.get(4)).isInstanceOf(ApplyResult.Done.class);
    }

    @Test
    void aReportThatDiffersFromAMajorityRaisesTheAlarmAtItsOwnEntry() {
        applier.initialize(new AppliedState(new EntryId(1, ++index),
                ConfState.ofVoters(List.of(1L, 2L, 3L))));
        long check = index + 2;
        List<ApplyResult> results = applier.apply(List.of(put(), check(false),
                report(check, 1, 7), report(check, 2, 8), put(), report(check, 3, 7), put()));

        assertThat(results.subList(0, 6)).allMatch(ApplyResult.Done.class::isInstance);
        assertThat(results.get(6)).isEqualTo(CORRUPT);
        assertThat(alarms()).extracting(AlarmMember::getMemberID).containsExactly(2L);
    }

    @Test
    void whereNobodyIsRightTheClusterIsNamed() {
        applier.initialize(new AppliedState(new EntryId(1, ++index),
                ConfState.ofVoters(List.of(1L, 2L))));
        long check = index + 1;
        applier.apply(List.of(check(false), report(check, 1, 7), report(check, 2, 8)));
        assertThat(alarms()).extracting(AlarmMember::getMemberID).containsExactly(0L);
    }

    @Test
    void aCheckWithoutAlarmNamesNobody() {
        applier.initialize(new AppliedState(new EntryId(1, ++index),
                ConfState.ofVoters(List.of(1L, 2L))));
        long check = index + 1;
        applier.apply(List.of(check(true), report(check, 1, 7), report(check, 2, 8)));
        assertThat(alarms()).isEmpty();
    }

    @Test
    void whoWasRebuiltAndAgreesIsNotNamedAnyMore() {
        applier.initialize(new AppliedState(new EntryId(1, ++index),
                ConfState.ofVoters(List.of(1L, 2L, 3L))));
        long first = index + 1;
        applier.apply(List.of(check(false), report(first, 1, 7), report(first, 2, 8),
                report(first, 3, 7)));
        long second = index + 1;
        applier.apply(List.of(check(false), report(second, 1, 7), report(second, 2, 7)));
        assertThat(alarms()).hasSize(1);
        long third = index + 1;
        applier.apply(List.of(check(false), report(third, 1, 7),
                command(InternalRaftRequest.newBuilder().setCorruptReport(
                        hashes(third, 2, 7).setRebuilt(true)))));
        assertThat(alarms()).isEmpty();
    }

    @Test
    void onlyTheLastChecksAreRemembered() {
        long first = index + 1;
        for (int i = 0; i < HashChecks.CHECKS_MAX; i++) {
            applier.apply(List.of(check(false)));
        }
        assertThat(applier.apply(List.of(report(first, 1, 7))))
                .allMatch(ApplyResult.Done.class::isInstance);
        applier.apply(List.of(check(false)));
        assertThat(applier.apply(List.of(report(first, 1, 7))))
                .containsExactly(new ApplyResult.Rejected(EtcdError.NOT_CAPABLE));
        try (ReadView view = store.view()) {
            assertThat(HashChecks.reports(view, first)).isEmpty();
        }
    }

    private List<AlarmMember> alarms() {
        try (ReadView view = store.view()) {
            return Members.alarms(view);
        }
    }

    private Command check(boolean withoutAlarm) {
        return command(InternalRaftRequest.newBuilder()
                .setCorruptCheck(CorruptCheck.newBuilder().setWithoutAlarm(withoutAlarm)));
    }

    private Command report(long check, long member, long hash) {
        return command(InternalRaftRequest.newBuilder()
                .setCorruptReport(hashes(check, member, hash)));
    }

    private static CorruptReport.Builder hashes(long check, long member, long hash) {
        return CorruptReport.newBuilder().setCheck(check).setMemberID(member)
                .addHashes(CorruptHash.newBuilder().setFormat(1).setHash(hash));
    }

    @Test
    void theAlarmOutlivesARestart() {
        applier.apply(List.of(alarm(AlarmType.NOSPACE, AlarmRequest.AlarmAction.ACTIVATE)));
        Applier again = applierOf(store);
        again.recover();

        assertThat(again.apply(List.of(put()))).containsExactly(NO_SPACE);
    }

    @Test
    void aSnapshotBringsAndTakesTheAlarm() throws IOException {
        byte[] without = state();
        applier.apply(List.of(alarm(AlarmType.NOSPACE, AlarmRequest.AlarmAction.ACTIVATE)));
        byte[] with = state();

        applier.restore(at(++index), new ByteArrayInputStream(without));
        assertThat(applier.apply(List.of(put()))).allMatch(ApplyResult.Done.class::isInstance);
        applier.restore(at(++index), new ByteArrayInputStream(with));
        assertThat(applier.apply(List.of(put()))).containsExactly(NO_SPACE);
    }

    private static Applier applierOf(MvccStore store) {
        return new Applier(store, List.of(), new ApplyObserver() {
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
        });
    }

    private static AppliedState at(long index) {
        return new AppliedState(new EntryId(1, index), ConfState.ofVoters(List.of(1L)));
    }

    private byte[] state() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StateSnapshot snapshot = applier.snapshot()) {
            snapshot.writeTo(out);
        }
        return out.toByteArray();
    }

    private Command put() {
        return command(InternalRaftRequest.newBuilder().setPut(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("key"))
                .setValue(ByteString.copyFromUtf8("value"))));
    }

    private Command alarm(AlarmType type, AlarmRequest.AlarmAction action) {
        return command(InternalRaftRequest.newBuilder().setAlarm(AlarmRequest.newBuilder()
                .setAction(action).setMemberID(1).setAlarm(type)));
    }

    private Command command(InternalRaftRequest.Builder request) {
        return new Command(new EntryId(1, ++index), Bytes.wrap(request.build().toByteArray()));
    }
}
