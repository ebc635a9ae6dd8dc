// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.stub.ServerCallStreamObserver;
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
import io.jangada.mvcc.Lease;
import io.jangada.mvcc.ReadView;
import io.jangada.server.auth.Credential;
import io.jangada.server.error.EtcdError;
import io.jangada.server.lease.LeaseKeeper;
import io.jangada.server.member.LocalMember;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The Lease service. The leader alone keeps the time of leases: what asks for it is sent on to the
 * leader's client port. Before it answers, a leader makes sure that it still leads.
 */
public final class LeaseService extends LeaseGrpc.LeaseImplBase {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_MILLIS = 50;

    private final LocalMember member;
    private final LeaseKeeper keeper;
    private final Quota quota;
    private final RandomGenerator random;
    private final long ttlSecondsMin;
    private final LeaderLink link;

    /**
     * Serves {@code member}; ids of leases that clients leave to the server come from {@code random}.
     *
     * @param link the way to the leader
     */
    public LeaseService(LocalMember member, LeaseKeeper keeper, Quota quota,
            RandomGenerator random, LeaderLink link) {
        this.member = member;
        this.keeper = keeper;
        this.quota = quota;
        this.random = random;
        this.link = link;
        long millis = 3L * member.config().electionTicks() / 2
                * member.config().heartbeatIntervalMillis();
        this.ttlSecondsMin = (millis + 999) / 1_000;
    }

    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> out) {
        if (!KvService.passes(out, () -> quota.check(Quota.LEASE_BYTES))) {
            return;
        }
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
        return new KeepAliveStream(member, keeper, link,
                (ServerCallStreamObserver<LeaseKeepAliveResponse>) out);
    }

    @Override
    public void leaseTimeToLive(LeaseTimeToLiveRequest request,
            StreamObserver<LeaseTimeToLiveResponse> out) {
        long attempts = Forwarded.isCurrentCall()
                ? 1
                : member.config().requestTimeout().toMillis() / RETRY_MILLIS;
        timeToLive(new Question(request, Credential.current()), attempts, out);
    }

    /** What is asked, by whom. */
    private record Question(LeaseTimeToLiveRequest request, Credential credential) {}

    private void timeToLive(Question question, long attempts,
            StreamObserver<LeaseTimeToLiveResponse> out) {
        LeaseTimeToLiveRequest request = question.request;
        if (member.status().isLeader()) {
            member.readIndex(() -> keeper.remaining(request.getID(),
                    nanos -> member.loop().execute(() -> answer(request, nanos, out)),
                    () -> retry(question, attempts, out)), error -> retry(question, attempts, out));
            return;
        }
        Optional<LeaseGrpc.LeaseStub> leader = attempts > 1
                ? link.leases(question.credential)
                : Optional.empty();
        leader.ifPresentOrElse(
                stub -> stub.leaseTimeToLive(request, new FromLeader(question, attempts, out)),
                () -> retry(question, attempts, out));
    }

    private void retry(Question question, long attempts,
            StreamObserver<LeaseTimeToLiveResponse> out) {
        if (attempts > 1 && !member.status().stopped()) {
            member.loop().schedule(() -> timeToLive(question, attempts - 1, out),
                    TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
        } else {
            out.onError((member.status().leader() == 0 ? EtcdError.NO_LEADER : EtcdError.TIMEOUT)
                    .exception());
        }
    }

    private void answer(LeaseTimeToLiveRequest request, OptionalLong remainingNanos,
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

    /** Hands the leader's answer on, with this member's header. */
    private final class FromLeader implements StreamObserver<LeaseTimeToLiveResponse> {
        private final Question question;
        private final long attempts;
        private final StreamObserver<LeaseTimeToLiveResponse> out;

        FromLeader(Question question, long attempts,
                StreamObserver<LeaseTimeToLiveResponse> out) {
            this.question = question;
            this.attempts = attempts;
            this.out = out;
        }

        @Override
        public void onNext(LeaseTimeToLiveResponse value) {
            out.onNext(value.toBuilder()
                    .setHeader(member.header(value.getHeader().getRevision())).build());
        }

        @Override
        public void onError(Throwable failure) {
            Forwarded.decision(failure).ifPresentOrElse(
                    decision -> out.onError(decision.exception()),
                    () -> retry(question, attempts, out));
        }

        @Override
        public void onCompleted() {
            out.onCompleted();
        }
    }
}
