// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserDeleteRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.raftnode.StateSnapshot;
import io.jangada.server.auth.AuthStore;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users and roles as part of the state machine: each entry is judged by those of its moment. */
final class ApplierAuthTest {
    private final MvccStore store = MvccStore.open(new MemoryBackend());
    private final AuthStore auth = new AuthStore();
    private final Applier applier = applierOf(store, auth);
    private long index = 1;

    @BeforeEach
    void initialize() {
        applier.recover();
        applier.initialize(at(index));
        for (String user : List.of("root", "u")) {
            done(InternalRaftRequest.newBuilder().setAuthUserAdd(
                    AuthUserAddRequest.newBuilder().setName(user).setHashedPassword("hash")));
        }
        done(InternalRaftRequest.newBuilder()
                .setAuthRoleAdd(AuthRoleAddRequest.newBuilder().setName("r")));
        done(grant());
        for (String[] one : new String[][]{{"root", "root"}, {"u", "r"}}) {
            done(InternalRaftRequest.newBuilder().setAuthUserGrantRole(
                    AuthUserGrantRoleRequest.newBuilder().setUser(one[0]).setRole(one[1])));
        }
        done(InternalRaftRequest.newBuilder()
                .setAuthEnable(AuthEnableRequest.getDefaultInstance()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anEntryIsItsCallers() {
        done(put("k/1").setHeader(user().header()));
        refused(put("other").setHeader(user().header()), EtcdError.PERMISSION_DENIED);
        refused(put("k/1"), EtcdError.USER_EMPTY);
        done(put("other").setHeader(Caller.MEMBER.header()));
        done(put("other").setHeader(new Caller("root", auth.state().revision()).header()));
    }

    @Test
    void anEntryFromBeforeAChangeIsOld() {
        var before = user();
        done(revoke().setHeader(Caller.MEMBER.header()));
        refused(put("k/1").setHeader(before.header()), EtcdError.AUTH_OLD_REVISION);
        refused(put("k/1").setHeader(user().header()), EtcdError.PERMISSION_DENIED);
    }

    @Test
    void aBatchIsJudgedEntryByEntry() {
        List<ApplyResult> results = applier.apply(List.of(
                command(put("k/1").setHeader(user().header())),
                command(revoke().setHeader(Caller.MEMBER.header())),
                command(put("k/1")
                        .setHeader(new Caller("u", user().authRevision() + 1).header()))));
        assertThat(results.get(0)).isInstanceOf(ApplyResult.Done.class);
        assertThat(results.get(2))
                .isEqualTo(new ApplyResult.Rejected(EtcdError.PERMISSION_DENIED));
    }

    @Test
    void nestedTransactionsAreLookedInto() {
        TxnRequest inner = TxnRequest.newBuilder().addFailure(
                RequestOp.newBuilder().setRequestPut(put("other").getPut())).build();
        refused(InternalRaftRequest.newBuilder().setHeader(user().header()).setTxn(
                TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestTxn(inner))),
                EtcdError.PERMISSION_DENIED);
    }

    @Test
    void whatHangsOnALeaseIsLookedAt() {
        done(InternalRaftRequest.newBuilder().setHeader(user().header())
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60)));
        InternalRaftRequest.Builder revoke = InternalRaftRequest.newBuilder()
                .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(7));
        InternalRaftRequest.Builder attach = InternalRaftRequest.newBuilder()
                .setPut(PutRequest.newBuilder().setKey(utf8("k/1")).setLease(7));
        done(attach.clone().setHeader(user().header()));
        done(InternalRaftRequest.newBuilder().setHeader(Caller.MEMBER.header()).setPut(
                PutRequest.newBuilder().setKey(utf8("other")).setLease(7)));
        refused(attach.clone().setHeader(user().header()), EtcdError.PERMISSION_DENIED);
        refused(revoke.clone().setHeader(user().header()), EtcdError.PERMISSION_DENIED);
        refused(revoke.clone(), EtcdError.USER_EMPTY);
        done(revoke.setHeader(Caller.MEMBER.header()));
    }

    @Test
    void whatIsRootsIsRootsInTheLogToo() {
        for (InternalRaftRequest.Builder request : List.of(
                InternalRaftRequest.newBuilder()
                        .setCompaction(CompactionRequest.newBuilder().setRevision(1)),
                InternalRaftRequest.newBuilder().setAlarm(AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.ACTIVATE)),
                grant(), InternalRaftRequest.newBuilder())) {
            refused(request.clone().setHeader(user().header()), EtcdError.PERMISSION_DENIED);
            refused(request.clone(), EtcdError.USER_EMPTY);
        }
    }

    @Test
    void usersAndRolesOutliveARestart() {
        done(InternalRaftRequest.newBuilder().setHeader(Caller.MEMBER.header())
                .setAuthUserAdd(AuthUserAddRequest.newBuilder().setName("gone")));
        done(InternalRaftRequest.newBuilder().setHeader(Caller.MEMBER.header()).setAuthUserDelete(
                AuthUserDeleteRequest.newBuilder().setName("gone")));
        AuthStore again = new AuthStore();
        applierOf(store, again).recover();
        assertSame(again, auth);
    }

    @Test
    void aSnapshotBringsUsersAndRoles() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StateSnapshot snapshot = applier.snapshot()) {
            snapshot.writeTo(out);
        }
        try (MvccStore other = MvccStore.open(new MemoryBackend())) {
            AuthStore there = new AuthStore();
            Applier lagging = applierOf(other, there);
            lagging.recover();
            lagging.restore(at(index), new ByteArrayInputStream(out.toByteArray()));
            assertSame(there, auth);
        }
    }

    @Test
    void nobodyMayAnythingBeforeTheStateIsKnown() {
        AuthStore early = new AuthStore();
        assertThat(early.state().enabled()).isTrue();
        assertThat(early.state().users()).isEmpty();
    }

    @Test
    void theRulesCountBeforeWhatTheyGuardIsVisible() {
        long[] seen = new long[1];
        auth.onChange(() -> {
            try (ReadView view = store.view()) {
                seen[0] = view.revision();
            }
        });
        applier.apply(List.of(command(revoke().setHeader(Caller.MEMBER.header())),
                command(put("k/1").setHeader(Caller.MEMBER.header()))));
        assertThat(seen[0]).isEqualTo(store.revision() - 1);
    }

    private static void assertSame(AuthStore one, AuthStore other) {
        assertThat(one.state().enabled()).isEqualTo(other.state().enabled());
        assertThat(one.state().revision()).isEqualTo(other.state().revision());
        assertThat(one.state().users()).isEqualTo(other.state().users());
        assertThat(one.state().roles()).isEqualTo(other.state().roles());
    }

    private Caller user() {
        return new Caller("u", auth.state().revision());
    }

    private void done(InternalRaftRequest.Builder request) {
        assertThat(applier.apply(List.of(command(request))))
                .allMatch(ApplyResult.Done.class::isInstance);
    }

    private void refused(InternalRaftRequest.Builder request, EtcdError error) {
        long before = store.revision();
        assertThat(applier.apply(List.of(command(request))))
                .containsExactly(new ApplyResult.Rejected(error));
        assertThat(store.revision()).isEqualTo(before);
    }

    private static InternalRaftRequest.Builder put(String key) {
        return InternalRaftRequest.newBuilder()
                .setPut(PutRequest.newBuilder().setKey(utf8(key)));
    }

    private static InternalRaftRequest.Builder grant() {
        return InternalRaftRequest.newBuilder()
                .setAuthRoleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder().setName("r")
                        .setPerm(Permission.newBuilder().setPermType(Permission.Type.READWRITE)
                                .setKey(utf8("k/")).setRangeEnd(utf8("k0"))));
    }

    private static InternalRaftRequest.Builder revoke() {
        return InternalRaftRequest.newBuilder().setAuthRoleRevokePermission(
                AuthRoleRevokePermissionRequest.newBuilder().setRole("r").setKey(utf8("k/"))
                        .setRangeEnd(utf8("k0")));
    }

    private static Applier applierOf(MvccStore store, AuthStore auth) {
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
        }, auth);
    }

    private static AppliedState at(long index) {
        return new AppliedState(new EntryId(1, index), ConfState.ofVoters(List.of(1L)));
    }

    private Command command(InternalRaftRequest.Builder request) {
        return new Command(new EntryId(1, ++index), Bytes.wrap(request.build().toByteArray()));
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
