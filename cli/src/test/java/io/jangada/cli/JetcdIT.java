// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.election.LeaderKey;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.kv.DeleteResponse;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every client of jetcd, the JVM's client of etcd, against three members. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set before each test.
class JetcdIT {
    private static final int ANSWER_SECONDS = 30;
    private static final long TTL_SECONDS = 60;

    private Cluster cluster;
    private Client client;
    private KV kv;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        cluster = new Cluster(3, folder).start();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void connect() {
        client = builder().build();
        kv = client.getKVClient();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void readsWithOptions() throws Exception {
        long first = 0;
        for (String name : List.of("b", "a", "c")) {
            long revision = answer(kv.put(bytes("get/" + name), bytes(name))).getHeader()
                    .getRevision();
            first = first == 0 ? revision : first;
        }
        GetOption.Builder prefix = GetOption.builder().isPrefix(true);
        assertThat(answer(kv.get(bytes("get/"), prefix.withLimit(2).build())))
                .satisfies(page -> {
                    assertThat(keys(page)).containsExactly("get/a", "get/b");
                    assertThat(page.isMore()).isTrue();
                    assertThat(page.getCount()).isEqualTo(3);
                });
        assertThat(keys(answer(kv.get(bytes("get/"), GetOption.builder().isPrefix(true)
                .withSortField(GetOption.SortTarget.VALUE)
                .withSortOrder(GetOption.SortOrder.DESCEND).build()))))
                .containsExactly("get/c", "get/b", "get/a");
        assertThat(keys(answer(kv.get(bytes("get/"), GetOption.builder().isPrefix(true)
                .withRevision(first).build())))).containsExactly("get/b");
        assertThat(keys(answer(kv.get(bytes("get/"), GetOption.builder().isPrefix(true)
                .withMinModRevision(first + 1).build())))).containsExactly("get/a", "get/c");
        assertThat(answer(kv.get(bytes("get/"), GetOption.builder().isPrefix(true)
                .withCountOnly(true).build()))).satisfies(counted -> {
                    assertThat(counted.getCount()).isEqualTo(3);
                    assertThat(counted.getKvs()).isEmpty();
                });
        assertThat(answer(kv.get(bytes("get/a"), GetOption.builder().withKeysOnly(true)
                .withSerializable(false).build())).getKvs().getFirst().getValue().isEmpty())
                .isTrue();
    }

    @Test
    void writesDeletesAndTransacts() throws Exception {
        ByteSequence key = bytes("kv/k");
        answer(kv.put(key, bytes("1")));
        KeyValue before = answer(kv.put(key, bytes("2"),
                PutOption.builder().withPrevKV().build())).getPrevKv();
        assertThat(text(before.getValue())).isEqualTo("1");

        KeyValue now = answer(kv.get(key)).getKvs().getFirst();
        assertThat(now.getVersion()).isEqualTo(2);
        assertThat(now.getCreateRevision()).isEqualTo(before.getModRevision());
        TxnResponse taken = answer(kv.txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(now.getModRevision())),
                        new Cmp(key, Cmp.Op.EQUAL, CmpTarget.value(bytes("2"))))
                .Then(Op.put(key, bytes("3"), PutOption.DEFAULT),
                        Op.get(key, GetOption.DEFAULT))
                .Else(Op.get(key, GetOption.DEFAULT)).commit());
        assertThat(taken.isSucceeded()).isTrue();
        assertThat(text(taken.getGetResponses().getFirst().getKvs().getFirst().getValue()))
                .isEqualTo("3");
        TxnResponse other = answer(kv.txn()
                .If(new Cmp(key, Cmp.Op.LESS, CmpTarget.version(3)))
                .Then(Op.delete(key, DeleteOption.DEFAULT))
                .Else(Op.get(key, GetOption.DEFAULT)).commit());
        assertThat(other.isSucceeded()).isFalse();
        assertThat(other.getGetResponses().getFirst().getKvs()).hasSize(1);

        DeleteResponse deleted = answer(kv.delete(bytes("kv/"),
                DeleteOption.builder().isPrefix(true).withPrevKV(true).build()));
        assertThat(deleted.getDeleted()).isOne();
        assertThat(text(deleted.getPrevKvs().getFirst().getValue())).isEqualTo("3");
        assertThat(answer(kv.get(key)).getCount()).isZero();
    }

    @Test
    void compacts() throws Exception {
        ByteSequence key = bytes("compact");
        long old = answer(kv.put(key, bytes("1"))).getHeader().getRevision();
        long revision = answer(kv.put(key, bytes("2"))).getHeader().getRevision();
        GetOption then = GetOption.builder().withRevision(old).build();
        assertThat(text(answer(kv.get(key, then)).getKvs().getFirst().getValue())).isEqualTo("1");

        answer(kv.compact(revision));

        refused(kv.get(key, then), "etcdserver: mvcc: required revision has been compacted");
        refused(kv.compact(revision), "etcdserver: mvcc: required revision has been compacted");
        refused(kv.get(key, GetOption.builder().withRevision(revision + 1_000_000).build()),
                "etcdserver: mvcc: required revision is a future revision");
    }

    @Test
    void leasesLiveAndEnd() throws Exception {
        Lease leases = client.getLeaseClient();
        long id = answer(leases.grant(TTL_SECONDS)).getID();
        ByteSequence key = bytes("lease/k");
        answer(kv.put(key, bytes("v"), PutOption.builder().withLeaseId(id).build()));
        LeaseTimeToLiveResponse ttl = answer(
                leases.timeToLive(id, LeaseOption.builder().withAttachedKeys().build()));
        assertThat(ttl.getGrantedTTL()).isEqualTo(TTL_SECONDS);
        assertThat(ttl.getTTL()).isBetween(TTL_SECONDS - ANSWER_SECONDS, TTL_SECONDS);
        assertThat(ttl.getKeys()).containsExactly(key);

        assertThat(answer(leases.keepAliveOnce(id)).getTTL()).isEqualTo(TTL_SECONDS);
        var renewed = new CompletableFuture<LeaseKeepAliveResponse>();
        try (var keepAlive = leases.keepAlive(id, new StreamObserver<>() {
            @Override
            public void onNext(LeaseKeepAliveResponse response) {
                renewed.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                renewed.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        })) {
            assertThat(keepAlive).isNotNull();
            assertThat(answer(renewed).getTTL()).isEqualTo(TTL_SECONDS);
        }

        answer(leases.revoke(id));
        assertThat(answer(kv.get(key)).getKvs()).isEmpty();
        assertThat(answer(leases.timeToLive(id, LeaseOption.DEFAULT)).getTTL()).isEqualTo(-1);
        refused(leases.revoke(id), "etcdserver: requested lease not found");
        refused(kv.put(key, bytes("v"), PutOption.builder().withLeaseId(id).build()),
                "etcdserver: requested lease not found");
    }

    @Test
    void locksOneAfterTheOther() throws Exception {
        ByteSequence name = bytes("lock");
        var locks = client.getLockClient();
        ByteSequence held = answer(locks.lock(name, lease())).getKey();
        var next = locks.lock(name, lease());
        awaitKeys(name, 2);
        assertThat(next).isNotDone();

        answer(locks.unlock(held));
        ByteSequence second = answer(next).getKey();
        assertThat(second).isNotEqualTo(held);
        answer(locks.unlock(second));
    }

    @Test
    void electsOneAfterTheOther() throws Exception {
        ByteSequence name = bytes("election");
        Election election = client.getElectionClient();
        refused(election.leader(name), "NoLeaderException");
        var observed = new LinkedBlockingQueue<String>();
        LeaderKey first = answer(election.campaign(name, lease(), bytes("a"))).getLeader();
        election.observe(name, collecting(observed));
        assertThat(next(observed)).isEqualTo("a");
        var second = election.campaign(name, lease(), bytes("b"));
        awaitKeys(name, 2);
        assertThat(second).isNotDone();

        answer(election.proclaim(first, bytes("a2")));
        assertThat(next(observed)).isEqualTo("a2");
        assertThat(text(answer(election.leader(name)).getKv().getValue())).isEqualTo("a2");

        answer(election.resign(first));
        assertThat(answer(second).getLeader().getKey()).isNotEqualTo(first.getKey());
        assertThat(next(observed)).isEqualTo("b");
        answer(election.resign(answer(second).getLeader()));
    }

    @Test
    void grantsAndDenies() throws Exception {
        var auth = client.getAuthClient();
        ByteSequence root = bytes("root");
        ByteSequence alice = bytes("alice");
        ByteSequence role = bytes("reader");
        answer(auth.roleAdd(root));
        answer(auth.userAdd(root, bytes("secret")));
        answer(auth.userGrantRole(root, root));
        answer(auth.roleAdd(role));
        answer(auth.roleGrantPermission(role, bytes("auth/"), bytes("auth0"),
                Permission.Type.READ));
        answer(auth.userAdd(alice, bytes("old")));
        answer(auth.userChangePassword(alice, bytes("new")));
        answer(auth.userGrantRole(alice, role));
        assertThat(answer(auth.userList()).getUsers()).contains("alice", "root");
        assertThat(answer(auth.userGet(alice)).getRoles()).containsExactly("reader");
        assertThat(answer(auth.roleList()).getRoles()).contains("reader", "root");
        assertThat(answer(auth.roleGet(role)).getPermissions())
                .singleElement().satisfies(permission -> {
                    assertThat(permission.getPermType()).isEqualTo(Permission.Type.READ);
                    assertThat(text(permission.getRangeEnd())).isEqualTo("auth0");
                });
        answer(kv.put(bytes("auth/k"), bytes("v")));
        answer(auth.authEnable());
        try (Client admin = builder().user(root).password(bytes("secret")).build()) {
            try (Client reader = builder().user(alice).password(bytes("new")).build();
                    Client stranger = builder().user(alice).password(bytes("old")).build()) {
                assertThat(answer(reader.getKVClient().get(bytes("auth/k"))).getKvs()).hasSize(1);
                refused(reader.getKVClient().put(bytes("auth/k"), bytes("w")),
                        "etcdserver: permission denied");
                refused(reader.getKVClient().get(bytes("elsewhere")),
                        "etcdserver: permission denied");
                refused(stranger.getKVClient().get(bytes("auth/k")),
                        "UNAUTHENTICATED"); // jetcd's own: it gets no token.
                refused(kv.get(bytes("auth/k")), "etcdserver: user name is empty");
                answer(admin.getAuthClient().userRevokeRole(alice, role));
                refused(reader.getKVClient().get(bytes("auth/k")),
                        "etcdserver: permission denied");
            } finally {
                answer(admin.getAuthClient().authDisable());
            }
        }
        answer(auth.roleRevokePermission(role, bytes("auth/"), bytes("auth0")));
        answer(auth.roleDelete(role));
        answer(auth.userDelete(alice));
        assertThat(answer(kv.get(bytes("auth/k"))).getKvs()).hasSize(1);
    }

    @Test
    void maintains() throws Exception {
        answer(kv.put(bytes("maintained"), bytes("v")));
        cluster.awaitEqualIndex();
        var maintenance = client.getMaintenanceClient();
        MemberProcess leader = cluster.awaitLeader();
        long leaderId = answer(maintenance.statusMember(uri(leader))).getLeader();
        MemberProcess other = cluster.members().stream().filter(m -> !m.equals(leader))
                .findFirst().orElseThrow();
        var status = answer(maintenance.statusMember(uri(other)));
        assertThat(status.getLeader()).isEqualTo(leaderId)
                .isNotEqualTo(status.getHeader().getMemberId());
        assertThat(status.getDbSize()).isPositive();
        assertThat(status.isLearner()).isFalse();
        int hash = answer(maintenance.hashKV(uri(leader), 0)).getHash();
        assertThat(answer(maintenance.hashKV(uri(other), 0)).getHash()).isEqualTo(hash);
        answer(maintenance.defragmentMember(uri(other)));
        assertThat(answer(maintenance.listAlarms()).getAlarms()).isEmpty();

        try (Client atLeader = Client.builder().endpoints(uri(leader)).build();
                Client atOther = Client.builder().endpoints(uri(other)).build()) {
            long target = status.getHeader().getMemberId();
            refused(atOther.getMaintenanceClient().moveLeader(target), "etcdserver: not leader");
            answer(atLeader.getMaintenanceClient().moveLeader(target));
        }
        Cluster.await("the other to lead", ANSWER_SECONDS, other::leads);
    }

    @Test
    void changesMembers() throws Exception {
        var members = client.getClusterClient();
        assertThat(answer(members.listMember()).getMembers()).hasSize(3).extracting(
                Member::getName).contains("m1", "m2", "m3");
        URI address = URI.create(Cluster.freeAddress("m4").peerUrl());
        URI moved = URI.create(Cluster.freeAddress("m4").peerUrl());

        Member added = answer(members.addMember(List.of(address), true)).getMember();
        try {
            assertThat(added.isLearner()).isTrue();
            assertThat(added.getPeerURIs()).containsExactly(address);
            refused(members.addMember(List.of(address, moved), true),
                    "etcdserver: Peer URLs already exists");
            refused(members.promoteMember(added.getId()),
                    "etcdserver: can only promote a learner member which is in sync with leader");
            answer(members.updateMember(added.getId(), List.of(moved)));
            assertThat(answer(members.listMember()).getMembers())
                    .filteredOn(member -> member.getId() == added.getId()).singleElement()
                    .satisfies(one -> assertThat(one.getPeerURIs()).containsExactly(moved));
        } finally {
            answer(members.removeMember(added.getId()));
        }
        assertThat(answer(members.listMember()).getMembers()).hasSize(3);
        refused(members.removeMember(added.getId()), "etcdserver: member not found");
    }

    private ClientBuilder builder() {
        return Client.builder().endpoints(
                cluster.members().stream().map(JetcdIT::uri).toArray(String[]::new));
    }

    static String uri(MemberProcess member) {
        return "http://" + member.clientEndpoint();
    }

    private long lease() throws Exception {
        return answer(client.getLeaseClient().grant(TTL_SECONDS)).getID();
    }

    private void awaitKeys(ByteSequence prefix, long count) {
        Cluster.await(count + " keys under " + text(prefix), ANSWER_SECONDS, () -> {
            try {
                return answer(kv.get(prefix, GetOption.builder().isPrefix(true)
                        .withCountOnly(true).build())).getCount() == count;
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        });
    }

    private static Election.Listener collecting(BlockingQueue<String> values) {
        return new Election.Listener() {
            @Override
            public void onNext(LeaderResponse response) {
                values.add(text(response.getKv().getValue()));
            }

            @Override
            public void onError(Throwable failure) {
                values.add(failure.toString());
            }

            @Override
            public void onCompleted() {}
        };
    }

    static <T> T answer(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private static void refused(CompletableFuture<?> future, String text) {
        assertThatThrownBy(() -> answer(future)).isInstanceOf(ExecutionException.class)
                .hasMessageContaining(text);
    }

    private static String next(BlockingQueue<String> values) throws InterruptedException {
        return String.valueOf(values.poll(ANSWER_SECONDS, TimeUnit.SECONDS));
    }

    private static List<String> keys(GetResponse response) {
        return response.getKvs().stream().map(pair -> text(pair.getKey())).toList();
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
