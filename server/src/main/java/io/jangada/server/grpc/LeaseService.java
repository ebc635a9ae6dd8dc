// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrantResponse;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseKeepAliveRequest;
import io.jangada.api.etcd.LeaseKeepAliveResponse;
import io.jangada.api.etcd.LeaseLeasesRequest;
import io.jangada.api.etcd.LeaseLeasesResponse;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.LeaseRevokeResponse;
import io.jangada.api.etcd.LeaseStatus;
import io.jangada.api.etcd.LeaseTimeToLiveRequest;
import io.jangada.api.etcd.LeaseTimeToLiveResponse;
import io.jangada.api.membership.Member;
import io.jangada.mvcc.Lease;
import io.jangada.mvcc.ReadView;
import io.jangada.server.EtcdError;
import io.jangada.server.LocalMember;
import io.jangada.server.apply.Members;
import io.jangada.server.lease.LeaseKeeper;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The Lease service. The leader alone keeps the time of leases: what asks for it is sent on to the
 * leader's client port. Before it answers, a leader makes sure that it still leads.
 */
public final class LeaseService extends LeaseGrpc.LeaseImplBase {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LocalMember member;
    private final LeaseKeeper keeper;
    private final RandomGenerator random;
    private final long ttlSecondsMin;
    private final Map<String, ManagedChannel> leaders = new ConcurrentHashMap<>();

    /** Serves {@code member}; ids of leases that clients leave to the server come from {@code random}. */
    public LeaseService(LocalMember member, LeaseKeeper keeper, RandomGenerator random) {
        this.member = member;
        this.keeper = keeper;
        this.random = random;
        long millis = 3L * member.config().electionTicks() / 2
                * member.config().heartbeatIntervalMillis();
        this.ttlSecondsMin = (millis + 999) / 1_000;
    }

    /** Closes the ways to leaders. */
    public void close() {
        leaders.values().forEach(ManagedChannel::shutdownNow);
    }

    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> out) {
        long id = request.getID() == 0 ? random.nextLong(1, Long.MAX_VALUE) : request.getID();
        LeaseGrantRequest granted = LeaseGrantRequest.newBuilder().setID(id)
                .setTTL(Math.max(ttlSecondsMin, request.getTTL())).build();
        member.propose(InternalRaftRequest.newBuilder().setLeaseGrant(granted).build(),
                new Unary<>(out, (applied, revision) -> ((LeaseGrantResponse) applied).toBuilder()
                        .setHeader(member.header(revision)).build()));
    }

    @Override
    public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> out) {
        member.propose(InternalRaftRequest.newBuilder().setLeaseRevoke(request).build(),
                new Unary<>(out, (applied, revision) -> LeaseRevokeResponse.newBuilder()
                        .setHeader(member.header(revision)).build()));
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
            StreamObserver<LeaseKeepAliveResponse> out) {
        return new KeepAlive(out);
    }

    @Override
    public void leaseTimeToLive(LeaseTimeToLiveRequest request,
            StreamObserver<LeaseTimeToLiveResponse> out) {
        if (!member.status().isLeader()) {
            leader().ifPresentOrElse(stub -> stub.leaseTimeToLive(request, signed(out)),
                    () -> out.onError(EtcdError.NO_LEADER.exception()));
            return;
        }
        member.readIndex(() -> keeper.remaining(request.getID(),
                nanos -> timeToLive(request, nanos, out)),
                error -> out.onError(error.exception()));
    }

    private void timeToLive(LeaseTimeToLiveRequest request, OptionalLong remainingNanos,
            StreamObserver<LeaseTimeToLiveResponse> out) {
        LeaseTimeToLiveResponse.Builder response = LeaseTimeToLiveResponse.newBuilder()
                .setID(request.getID()).setTTL(-1);
        try (ReadView view = member.store().view()) {
            response.setHeader(member.header(view.revision()));
            Lease lease = view.lease(request.getID()).orElse(null);
            if (lease != null && remainingNanos.isPresent()) {
                response.setTTL(remainingNanos.getAsLong() / NANOS_PER_SECOND)
                        .setGrantedTTL(lease.ttlSeconds());
                if (request.getKeys()) {
                    response.addAllKeys(view.leaseKeys(request.getID()));
                }
            }
        }
        out.onNext(response.build());
        out.onCompleted();
    }

    @Override
    public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> out) {
        member.readIndex(() -> {
            LeaseLeasesResponse.Builder response = LeaseLeasesResponse.newBuilder();
            try (ReadView view = member.store().view()) {
                response.setHeader(member.header(view.revision()));
                view.leases().forEach(lease -> response
                        .addLeases(LeaseStatus.newBuilder().setID(lease.id())));
            }
            out.onNext(response.build());
            out.onCompleted();
        }, error -> out.onError(error.exception()));
    }

    private StreamObserver<LeaseTimeToLiveResponse> signed(
            StreamObserver<LeaseTimeToLiveResponse> out) {
        return new StreamObserver<>() {
            @Override
            public void onNext(LeaseTimeToLiveResponse value) {
                out.onNext(value.toBuilder()
                        .setHeader(member.header(value.getHeader().getRevision())).build());
            }

            @Override
            public void onError(Throwable failure) {
                out.onError(failure);
            }

            @Override
            public void onCompleted() {
                out.onCompleted();
            }
        };
    }

    private Optional<LeaseGrpc.LeaseStub> leader() {
        long leader = member.status().leader();
        if (leader == 0 || leader == member.memberId()) {
            return Optional.empty();
        }
        try (ReadView view = member.store().view()) {
            return Members.all(view).stream().filter(one -> one.getID() == leader)
                    .map(Member::getMemberAttributes)
                    .flatMap(attributes -> attributes.getClientUrlsList().stream()).findFirst()
                    .map(url -> LeaseGrpc.newStub(leaders.computeIfAbsent(url,
                            LeaseService::connect)));
        }
    }

    private static ManagedChannel connect(String url) {
        URI uri = URI.create(url);
        return NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).usePlaintext()
                .directExecutor().build();
    }

    /** One stream of renewals. Answers come from several threads, one at a time. */
    private final class KeepAlive implements StreamObserver<LeaseKeepAliveRequest> {
        private final StreamObserver<LeaseKeepAliveResponse> out;

        KeepAlive(StreamObserver<LeaseKeepAliveResponse> out) {
            this.out = out;
        }

        @Override
        public void onNext(LeaseKeepAliveRequest request) {
            if (member.status().isLeader()) {
                member.readIndex(() -> keeper.renew(request.getID(),
                        seconds -> answer(request.getID(), seconds.orElse(0))), this::fail);
            } else {
                leader().ifPresentOrElse(stub -> forward(stub, request),
                        () -> fail(EtcdError.NO_LEADER));
            }
        }

        private void forward(LeaseGrpc.LeaseStub stub, LeaseKeepAliveRequest request) {
            StreamObserver<LeaseKeepAliveRequest> there = stub
                    .withDeadlineAfter(member.config().requestTimeout().toMillis(),
                            TimeUnit.MILLISECONDS)
                    .leaseKeepAlive(new StreamObserver<>() {
                        @Override
                        public void onNext(LeaseKeepAliveResponse value) {
                            answer(value.getID(), value.getTTL());
                        }

                        @Override
                        public void onError(Throwable failure) {
                            fail(EtcdError.TIMEOUT);
                        }

                        @Override
                        public void onCompleted() {}
                    });
            there.onNext(request);
            there.onCompleted();
        }

        private void answer(long id, long seconds) {
            member.loop().execute(() -> out.onNext(LeaseKeepAliveResponse.newBuilder()
                    .setHeader(member.header(member.store().revision())).setID(id).setTTL(seconds)
                    .build()));
        }

        private void fail(EtcdError error) {
            member.loop().execute(() -> out.onError(error.exception()));
        }

        @Override
        public void onError(Throwable canceled) {}

        /* Renewals that are on their way are answered first: behind them on the apply and server loops. */
        @Override
        public void onCompleted() {
            member.readIndex(
                    () -> member.loop().execute(() -> member.loop().execute(out::onCompleted)),
                    error -> out.onCompleted());
        }
    }
}
