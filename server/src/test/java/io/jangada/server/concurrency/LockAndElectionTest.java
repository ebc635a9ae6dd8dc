// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.jangada.api.election.CampaignRequest;
import io.jangada.api.election.CampaignResponse;
import io.jangada.api.election.ElectionGrpc;
import io.jangada.api.election.LeaderKey;
import io.jangada.api.election.LeaderRequest;
import io.jangada.api.election.LeaderResponse;
import io.jangada.api.election.ProclaimRequest;
import io.jangada.api.election.ResignRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.lock.LockGrpc;
import io.jangada.api.lock.LockRequest;
import io.jangada.api.lock.LockResponse;
import io.jangada.api.lock.UnlockRequest;
import io.jangada.api.mvcc.Event;
import io.jangada.server.OneMember;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queues of locks and elections at one member, by its real port; each test has a name of its own. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set in start().
class LockAndElectionTest {
    private static final long PATIENCE_SECONDS = 20;

    private OneMember member;
    private ManagedChannel channel;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        member = OneMember.start(folder.resolve("data"));
        channel = member.channel();
    }

    @AfterAll
    void stop() {
        member.close();
    }

    private long lease() {
        return LeaseGrpc.newBlockingStub(channel)
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()).getID();
    }

    private void revoke(long lease) {
        var ignored = LeaseGrpc.newBlockingStub(channel)
                .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build());
    }

    private ListenableFuture<LockResponse> lock(String name, long lease) {
        return LockGrpc.newFutureStub(channel).lock(
                LockRequest.newBuilder().setName(utf8(name)).setLease(lease).build());
    }

    private void unlock(LockResponse held) {
        var ignored = LockGrpc.newBlockingStub(channel)
                .unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());
    }

    private ListenableFuture<CampaignResponse> campaign(String name, long lease, String value) {
        return ElectionGrpc.newFutureStub(channel).campaign(CampaignRequest.newBuilder()
                .setName(utf8(name)).setLease(lease).setValue(utf8(value)).build());
    }

    private static <T> T get(ListenableFuture<T> answer) throws Exception {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private long places(String name) {
        return KVGrpc.newBlockingStub(channel).range(RangeRequest.newBuilder()
                .setKey(utf8(name + "/")).setRangeEnd(utf8(name + "0")).build()).getCount();
    }

    /** The events of the queue {@code name}, from before it has any. */
    private BlockingQueue<Event> events(String name) {
        var events = new LinkedBlockingQueue<Event>();
        StreamObserver<WatchRequest> requests = WatchGrpc.newStub(channel)
                .watch(new Collector<WatchResponse>(
                        response -> events.addAll(response.getEventsList())));
        requests.onNext(WatchRequest.newBuilder().setCreateRequest(WatchCreateRequest.newBuilder()
                .setKey(utf8(name + "/")).setRangeEnd(utf8(name + "0")).setStartRevision(1))
                .build());
        return events;
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("something within %s s", PATIENCE_SECONDS).isNotNull();
        return next;
    }

    @Test
    void aLockGoesFromOneToTheNextInTheOrderOfTheirPlaces() throws Exception {
        BlockingQueue<Event> places = events("order");
        long first = lease();
        LockResponse held = get(lock("order", first));
        assertThat(held.getKey()).isEqualTo(utf8("order/" + Long.toHexString(first)));
        assertThat(next(places).getKv().getKey()).isEqualTo(held.getKey());
        ListenableFuture<LockResponse> second = lock("order", lease());
        ByteString secondKey = next(places).getKv().getKey();
        ListenableFuture<LockResponse> third = lock("order", lease());
        next(places);
        assertThat(second).isNotDone();

        unlock(held);
        assertThat(get(second).getKey()).isEqualTo(secondKey);
        assertThat(third).isNotDone();
        unlock(get(second));
        unlock(get(third));
        assertThat(places("order")).isZero();
    }

    @Test
    void whoHoldsALockGetsItAgainAndWhoHasNoLeaseIsLentOne() throws Exception {
        long lease = lease();
        assertThat(get(lock("again", lease)).getKey()).isEqualTo(get(lock("again", lease))
                .getKey());
        assertThat(get(lock("lent", 0)).getKey().toStringUtf8()).startsWith("lent/");
    }

    @Test
    void aClientThatGoesAwayIsForgotten() throws Exception {
        BlockingQueue<Event> places = events("gone");
        LockResponse held = get(lock("gone", lease()));
        next(places);
        ListenableFuture<LockResponse> second = lock("gone", lease());
        ByteString left = next(places).getKv().getKey();
        assertThat(second.cancel(true)).isTrue();
        Event deletion = next(places);
        assertThat(deletion.getType()).isEqualTo(Event.EventType.DELETE);
        assertThat(deletion.getKv().getKey()).isEqualTo(left);
        unlock(held);
    }

    @Test
    void aWaiterWhoseLeaseEndsIsToldAndAHolderWhoseLeaseEndsMakesRoom() throws Exception {
        BlockingQueue<Event> places = events("ends");
        long holding = lease();
        assertThat(get(lock("ends", holding)).getKey()).isNotEmpty();
        next(places);
        long ending = lease();
        ListenableFuture<LockResponse> second = lock("ends", ending);
        next(places);
        ListenableFuture<LockResponse> third = lock("ends", lease());
        next(places);
        revoke(ending);
        revoke(holding);
        assertThat(get(third).getKey()).isNotEmpty();
        assertThatThrownBy(() -> get(second)).isInstanceOf(ExecutionException.class)
                .hasMessageContaining("mutex: session is expired");
        assertThatThrownBy(() -> get(lock("ends", ending)))
                .hasMessageContaining("etcdserver: requested lease not found");
    }

    @Test
    void anElectionIsWonProclaimedObservedAndResigned() throws Exception {
        var election = ElectionGrpc.newBlockingStub(channel);
        LeaderRequest name = LeaderRequest.newBuilder().setName(utf8("vote")).build();
        assertThatThrownBy(() -> election.leader(name)).isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("election: no leader");
        var seen = new LinkedBlockingQueue<LeaderResponse>();
        ElectionGrpc.newStub(channel).observe(name, new Collector<>(seen::add));

        long lease = lease();
        LeaderKey one = get(campaign("vote", lease, "one")).getLeader();
        assertThat(one.getName()).isEqualTo(utf8("vote"));
        assertThat(one.getKey()).isEqualTo(utf8("vote/" + Long.toHexString(lease)));
        assertThat(one.getLease()).isEqualTo(lease);
        assertThat(election.leader(name).getKv().getCreateRevision()).isEqualTo(one.getRev());
        assertThat(next(seen).getKv().getValue()).isEqualTo(utf8("one"));
        ListenableFuture<CampaignResponse> two = campaign("vote", lease(), "two");

        var proclaimed = election.proclaim(
                ProclaimRequest.newBuilder().setLeader(one).setValue(utf8("uno")).build());
        assertThat(proclaimed.getHeader().getRevision()).isPositive();
        LeaderResponse uno = next(seen);
        assertThat(uno.getKv().getValue()).isEqualTo(utf8("uno"));
        assertThat(uno.getHeader().getRevision()).isEqualTo(uno.getKv().getModRevision());
        assertThat(two).isNotDone();

        var resigned = election.resign(ResignRequest.newBuilder().setLeader(one).build());
        assertThat(resigned.hasHeader()).isTrue();
        assertThat(get(two).getLeader().getKey()).isNotEqualTo(one.getKey());
        assertThat(next(seen).getKv().getValue()).isEqualTo(utf8("two"));
        assertThatThrownBy(() -> election.proclaim(
                ProclaimRequest.newBuilder().setLeader(one).setValue(utf8("x")).build()))
                .hasMessageContaining("election: not leader");
        assertThat(election.resign(ResignRequest.newBuilder().setLeader(one).build()).hasHeader())
                .as("it resigns from what it does not have any more").isTrue();
        assertThat(places("vote")).isEqualTo(1);
        assertThatThrownBy(() -> election.resign(ResignRequest.getDefaultInstance()))
                .hasMessageContaining("\"leader\" field must be provided");
    }

    @Test
    void whoCampaignsAgainSaysSomethingNew() throws Exception {
        long lease = lease();
        LeaderKey first = get(campaign("twice", lease, "a")).getLeader();
        assertThat(get(campaign("twice", lease, "b")).getLeader()).isEqualTo(first);
        assertThat(ElectionGrpc.newBlockingStub(channel)
                .leader(LeaderRequest.newBuilder().setName(utf8("twice")).build()).getKv()
                .getValue()).isEqualTo(utf8("b"));
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** Hands on what a stream brings. */
    private record Collector<T>(Consumer<T> to) implements StreamObserver<T> {
        @Override
        public void onNext(T value) {
            to.accept(value);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
