// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.Member;
import io.jangada.api.etcd.MemberAddRequest;
import io.jangada.api.etcd.MemberAddResponse;
import io.jangada.api.etcd.MemberListRequest;
import io.jangada.api.etcd.MemberListResponse;
import io.jangada.api.etcd.MemberPromoteRequest;
import io.jangada.api.etcd.MemberPromoteResponse;
import io.jangada.api.etcd.MemberRemoveRequest;
import io.jangada.api.etcd.MemberRemoveResponse;
import io.jangada.api.etcd.MemberUpdateRequest;
import io.jangada.api.etcd.MemberUpdateResponse;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.Members;
import io.jangada.server.auth.Credential;
import io.jangada.server.cluster.ClusterChange;
import io.jangada.server.cluster.ClusterChanges;
import io.jangada.server.cluster.ClusterIds;
import io.jangada.server.cluster.PeerUrls;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The Cluster service. Changes are made by the leader, who knows which of the others are there: other
 * members send them on to its client port.
 */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private static final long RETRY_NANOS = Duration.ofMillis(50).toNanos();

    private final LocalMember member;
    private final ClusterChanges changes;
    private final InstantSource clock;
    private final LeaderLink link;

    /**
     * Serves {@code member}; a new member's id is made of its addresses and the time.
     *
     * @param link the way to the leader
     */
    public ClusterService(LocalMember member, ClusterChanges changes, InstantSource clock,
            LeaderLink link) {
        this.member = member;
        this.changes = changes;
        this.clock = clock;
        this.link = link;
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> out) {
        if (request.getLinearizable()) {
            member.readIndex(() -> list(out), error -> out.onError(error.exception()));
        } else {
            list(out);
        }
    }

    private void list(StreamObserver<MemberListResponse> out) {
        List<io.jangada.api.membership.Member> members;
        try (ReadView view = member.store().view()) {
            members = Members.all(view);
        }
        out.onNext(MemberListResponse.newBuilder().setHeader(header())
                .addAllMembers(messages(members)).build());
        out.onCompleted();
    }

    @Override
    public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> out) {
        if (!KvService.passes(out, () -> PeerUrls.parse(request.getPeerURLsList()))) {
            return;
        }
        PeerUrls urls = PeerUrls.parse(request.getPeerURLsList());
        long id = ClusterIds.memberId(urls.texts(),
                Long.toString(clock.instant().getEpochSecond()));
        run(new Call<>(new ClusterChange.Add(id, urls, request.getIsLearner()), out,
                members -> MemberAddResponse.newBuilder().setHeader(header())
                        .addAllMembers(messages(members))
                        .setMember(messages(members).stream().filter(one -> one.getID() == id)
                                .findAny().orElse(Member.getDefaultInstance()))
                        .build(),
                (leader, answers) -> leader.memberAdd(request, answers),
                answer -> answer.toBuilder().setHeader(header()).build()));
    }

    @Override
    public void memberRemove(MemberRemoveRequest request,
            StreamObserver<MemberRemoveResponse> out) {
        run(new Call<>(new ClusterChange.Remove(request.getID()), out,
                members -> MemberRemoveResponse.newBuilder().setHeader(header())
                        .addAllMembers(messages(members)).build(),
                (leader, answers) -> leader.memberRemove(request, answers),
                answer -> answer.toBuilder().setHeader(header()).build()));
    }

    @Override
    public void memberUpdate(MemberUpdateRequest request,
            StreamObserver<MemberUpdateResponse> out) {
        if (!KvService.passes(out, () -> PeerUrls.parse(request.getPeerURLsList()))) {
            return;
        }
        PeerUrls urls = PeerUrls.parse(request.getPeerURLsList());
        run(new Call<>(new ClusterChange.Update(request.getID(), urls), out,
                members -> MemberUpdateResponse.newBuilder().setHeader(header())
                        .addAllMembers(messages(members)).build(),
                (leader, answers) -> leader.memberUpdate(request, answers),
                answer -> answer.toBuilder().setHeader(header()).build()));
    }

    @Override
    public void memberPromote(MemberPromoteRequest request,
            StreamObserver<MemberPromoteResponse> out) {
        run(new Call<>(new ClusterChange.Promote(request.getID()), out,
                members -> MemberPromoteResponse.newBuilder().setHeader(header())
                        .addAllMembers(messages(members)).build(),
                (leader, answers) -> leader.memberPromote(request, answers),
                answer -> answer.toBuilder().setHeader(header()).build()));
    }

    /* The header of these answers has no revision in etcd either. */
    private ResponseHeader header() {
        return member.header(0);
    }

    private static List<Member> messages(List<io.jangada.api.membership.Member> members) {
        return members.stream().map(one -> Member.newBuilder().setID(one.getID())
                .setName(one.getMemberAttributes().getName())
                .addAllPeerURLs(one.getRaftAttributes().getPeerUrlsList())
                .addAllClientURLs(one.getMemberAttributes().getClientUrlsList())
                .setIsLearner(one.getRaftAttributes().getIsLearner()).build()).toList();
    }

    private <R> void run(Call<R> call) {
        attempt(call, System.nanoTime() + member.config().requestTimeout().toNanos());
    }

    private <R> void attempt(Call<R> call, long deadlineNanos) {
        if (member.status().isLeader()) {
            changes.make(call.change, call.new Made(() -> retry(call, deadlineNanos)));
            return;
        }
        Optional<ClusterGrpc.ClusterStub> leader = call.isForwarded
                ? Optional.empty()
                : link.cluster(call.credential);
        leader.ifPresentOrElse(
                stub -> call.forward.accept(stub,
                        call.new Answered(() -> retry(call, deadlineNanos))),
                () -> retry(call, deadlineNanos));
    }

    /* Only what was certainly not done: it did not reach a leader. */
    private <R> void retry(Call<R> call, long deadlineNanos) {
        if (call.isForwarded) {
            call.out.onError(EtcdError.NOT_LEADER.exception());
        } else if (System.nanoTime() - deadlineNanos < 0 && !member.status().stopped()) {
            member.loop().schedule(() -> attempt(call, deadlineNanos), RETRY_NANOS);
        } else {
            call.out.onError(EtcdError.TIMEOUT.exception());
        }
    }

    /** One change that a client asks for. Made while the call is being started. */
    private static final class Call<R> {
        private final ClusterChange change;
        private final StreamObserver<R> out;
        private final Function<List<io.jangada.api.membership.Member>, R> finish;
        private final BiConsumer<ClusterGrpc.ClusterStub, StreamObserver<R>> forward;
        private final UnaryOperator<R> sign;
        private final boolean isForwarded = Forwarded.isCurrentCall();
        private final Credential credential = Credential.current();

        Call(ClusterChange change, StreamObserver<R> out,
                Function<List<io.jangada.api.membership.Member>, R> finish,
                BiConsumer<ClusterGrpc.ClusterStub, StreamObserver<R>> forward,
                UnaryOperator<R> sign) {
            this.change = change;
            this.out = out;
            this.finish = finish;
            this.forward = forward;
            this.sign = sign;
        }

        /** What becomes of it here. */
        private final class Made implements ClusterChanges.Answer {
            private final Runnable retry;

            Made(Runnable retry) {
                this.retry = retry;
            }

            @Override
            public void done(List<io.jangada.api.membership.Member> members) {
                out.onNext(finish.apply(members));
                out.onCompleted();
            }

            @Override
            public void failed(EtcdError error) {
                if (error == EtcdError.NOT_LEADER) {
                    retry.run();
                } else {
                    out.onError(error.exception());
                }
            }
        }

        /** What the leader says. */
        private final class Answered implements StreamObserver<R> {
            private final Runnable retry;

            Answered(Runnable retry) {
                this.retry = retry;
            }

            @Override
            public void onNext(R answer) {
                out.onNext(sign.apply(answer));
            }

            @Override
            public void onError(Throwable failure) {
                Status status = Status.fromThrowable(failure);
                if (Objects.equals(status.getDescription(),
                        EtcdError.NOT_LEADER.status().getDescription())) {
                    retry.run();
                } else {
                    out.onError(status.asRuntimeException());
                }
            }

            @Override
            public void onCompleted() {
                out.onCompleted();
            }
        }
    }
}
