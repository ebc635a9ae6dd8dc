// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.mvcc.MvccStore;
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

/** When puts are refused for want of space: exactly while the alarm is raised in the state. */
final class ApplierAlarmTest {
    private static final ApplyResult NO_SPACE = new ApplyResult.Rejected(EtcdError.NO_SPACE);

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
    void anAlarmOfAnotherKindRefusesNoPut() {
        applier.apply(List.of(alarm(AlarmType.CORRUPT, AlarmRequest.AlarmAction.ACTIVATE)));

        assertThat(applier.apply(List.of(put()))).allMatch(ApplyResult.Done.class::isInstance);
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
