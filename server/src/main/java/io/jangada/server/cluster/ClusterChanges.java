// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

import io.jangada.api.membership.Member;
import io.jangada.api.membership.RaftAttributes;
import io.jangada.mvcc.ReadView;
import io.jangada.raft.Status;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.tracker.Progress;
import io.jangada.raftnode.ChangeRefusal;
import io.jangada.raftnode.ChangeResult;
import io.jangada.raftnode.Membership;
import io.jangada.raftnode.MembershipResult;
import io.jangada.raftnode.TransferResult;
import io.jangada.raftnode.UnknownCause;
import io.jangada.server.apply.Members;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;

/**
 * Changes the members, on the leader. A new voter begins as a learner, and votes once it has the log: see
 * {@link VoterPromotion}. So a member that is never started, or started wrongly, costs no quorum.
 * Thread-safe; answers come on loops that must not be blocked.
 */
public final class ClusterChanges {
    private static final long RETRY_NANOS = Duration.ofMillis(50).toNanos();

    private final LocalMember member;
    private final LongPredicate connected;
    private final ClusterRules rules;

    /** What becomes of a change. Called once. */
    public interface Answer {
        /** It is in force; these are the members now. */
        void done(List<Member> members);

        /** Refused, or of unknown outcome: the error says which. */
        void failed(EtcdError error);
    }

    /** Changes on {@code member}; {@code connected} says of another one whether messages to it can leave. */
    public ClusterChanges(LocalMember member, LongPredicate connected) {
        this.member = member;
        this.connected = id -> id == member.memberId() || connected.test(id);
        this.rules = new ClusterRules(member.config().strictReconfigCheck(),
                member.config().maxLearners());
    }

    /**
     * Makes {@code change} if this member leads, else it is {@link EtcdError#NOT_LEADER} and not made. Waits
     * while another change is under way, up to the request timeout.
     */
    public void make(ClusterChange change, Answer answer) {
        attempt(change, answer, System.nanoTime() + member.config().requestTimeout().toNanos());
    }

    private void attempt(ClusterChange change, Answer answer, long deadlineNanos) {
        if (!member.status().isLeader()) {
            answer.failed(EtcdError.NOT_LEADER);
            return;
        }
        /* Whatever an earlier leader did is known here then. */
        member.readIndex(() -> member.loop().execute(() -> check(change, answer, deadlineNanos)),
                answer::failed);
    }

    private void check(ClusterChange change, Answer answer, long deadlineNanos) {
        Optional<EtcdError> refusal = rules.refusal(change, members(), connected);
        if (refusal.isPresent()) {
            answer.failed(refusal.get());
            return;
        }
        if (rules.isStrict() && change.equals(new ClusterChange.Remove(member.memberId()))) {
            handOver(change, answer, deadlineNanos);
            return;
        }
        var ignored = begin(change).whenComplete((result, failure) -> {
            if (failure != null) {
                answer.failed(EtcdError.STOPPED);
                return;
            }
            switch (result) {
                case ChangeResult.Done done -> answer.done(members());
                case ChangeResult.Unknown unknown ->
                    answer.failed(unknown.cause() == UnknownCause.STOPPED
                            ? EtcdError.STOPPED
                            : EtcdError.TIMEOUT);
                case ChangeResult.Refused refused ->
                    refused(refused.reason(), change, answer, deadlineNanos);
            }
        });
    }

    /* A member that is gone may never hear that it is, and could not answer: its successor removes it. */
    private void handOver(ClusterChange change, Answer answer, long deadlineNanos) {
        var ignored = member.node().coreStatus().thenCompose(core -> {
            long successor = successor(core);
            return successor == 0
                    ? CompletableFuture.completedFuture(null)
                    : member.node().transferLeadership(successor);
        }).whenComplete((result, failure) -> member.loop().execute(() -> {
            if (result == null) {
                answer.failed(failure == null ? EtcdError.UNHEALTHY : EtcdError.STOPPED);
            } else if (result instanceof TransferResult.Transferred) {
                answer.failed(EtcdError.NOT_LEADER);
            } else {
                refused(ChangeRefusal.LEADS, change, answer, deadlineNanos);
            }
        }));
    }

    /** The voter that has most of the log, of those that are there; 0 if none is. */
    private long successor(Status core) {
        long best = 0;
        for (Map.Entry<Long, Progress> one : core.progress().entrySet()) {
            boolean isCandidate = one.getKey() != member.memberId() && !one.getValue().isLearner()
                    && one.getValue().isRecentActive() && connected.test(one.getKey());
            Progress known = core.progress().get(best);
            if (isCandidate && (known == null || one.getValue().match() > known.match())) {
                best = one.getKey();
            }
        }
        return best;
    }

    private List<Member> members() {
        try (ReadView view = member.store().view()) {
            return Members.all(view);
        }
    }

    private CompletableFuture<ChangeResult> begin(ClusterChange change) {
        Membership membership = member.node().membership();
        return switch (change) {
            case ClusterChange.Add(long id, PeerUrls urls, boolean isLearner) -> membership
                    .addLearner(new io.jangada.raftnode.Member(id, urls.addresses()),
                            note(id, urls, isLearner));
            case ClusterChange.Remove(long id) -> rules.isStrict()
                    ? membership.remove(id)
                    : removeAnyway(id);
            case ClusterChange.Update(long id, PeerUrls urls) -> membership.update(
                    new io.jangada.raftnode.Member(id, urls.addresses()), note(id, urls, false));
            case ClusterChange.Promote(long id) -> membership.promote(id);
        };
    }

    private static Bytes note(long id, PeerUrls urls, boolean isLearner) {
        return Bytes.wrap(Member.newBuilder().setID(id).setRaftAttributes(RaftAttributes
                .newBuilder().addAllPeerUrls(urls.texts()).setIsLearner(isLearner)).build()
                .toByteArray());
    }

    /* An operator who has switched the caution off answers for the quorum. */
    private CompletableFuture<ChangeResult> removeAnyway(long id) {
        ConfChange removal = new ConfChange.V2(ConfChangeTransition.AUTO,
                List.of(new ConfChangeSingle(ConfChangeType.REMOVE_NODE, id)), Bytes.EMPTY);
        return member.node().changeMembership(removal).thenApply(result -> switch (result) {
            case MembershipResult.Changed changed -> new ChangeResult.Done(changed.confState());
            case MembershipResult.Refused refused -> new ChangeResult.Refused(
                    ChangeRefusal.NOT_TAKEN, refused.leader(), refused.reason().name());
            case MembershipResult.Invalid invalid -> new ChangeResult.Refused(
                    ChangeRefusal.CHANGE_IN_PROGRESS, 0, invalid.explanation());
            case MembershipResult.Unknown unknown -> new ChangeResult.Unknown(unknown.cause(), 0);
        });
    }

    private void refused(ChangeRefusal reason, ClusterChange change, Answer answer,
            long deadlineNanos) {
        EtcdError error = switch (reason) {
            case NOT_LEADER -> EtcdError.NOT_LEADER;
            case UNKNOWN_MEMBER -> EtcdError.MEMBER_NOT_FOUND;
            case ALREADY_THERE -> change instanceof ClusterChange.Promote
                    ? EtcdError.MEMBER_NOT_LEARNER
                    : EtcdError.MEMBER_EXISTS;
            case WOULD_LOSE_QUORUM -> EtcdError.UNHEALTHY;
            case NOT_CAUGHT_UP -> EtcdError.LEARNER_NOT_READY;
            case LEADS, CHANGE_IN_PROGRESS, NOT_TAKEN -> EtcdError.TIMEOUT;
            case STOPPED -> EtcdError.STOPPED;
        };
        boolean waits = error == EtcdError.TIMEOUT && System.nanoTime() - deadlineNanos < 0;
        if (waits) {
            member.loop().schedule(() -> attempt(change, answer, deadlineNanos), RETRY_NANOS);
        } else {
            answer.failed(error);
        }
    }
}
