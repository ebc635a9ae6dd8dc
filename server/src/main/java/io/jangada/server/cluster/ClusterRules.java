// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

import io.jangada.api.membership.Member;
import io.jangada.server.error.EtcdError;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Which changes of the members etcd refuses, with its errors (etcd: AddMember, RemoveMember, PromoteMember,
 * IsReadyToAddVotingMember and its like). Raft's own caution comes on top. Pure.
 *
 * @param isStrict whether what may cost the quorum is refused: --strict-reconfig-check
 * @param learnersMax how many learners there may be: --max-learners
 */
record ClusterRules(boolean isStrict, int learnersMax) {

    /** Why {@code change} is refused where these are the members; empty if it is not. */
    Optional<EtcdError> refusal(ClusterChange change, List<Member> members,
            LongPredicate connected) {
        Optional<Member> named = members.stream().filter(one -> one.getID() == change.id())
                .findAny();
        return switch (change) {
            case ClusterChange.Add add -> refusal(add, members, connected);
            case ClusterChange.Remove remove -> named.isEmpty()
                    ? Optional.of(EtcdError.MEMBER_NOT_FOUND)
                    : refusal(named.get(), members, connected);
            case ClusterChange.Update update -> named.isEmpty()
                    ? Optional.of(EtcdError.MEMBER_NOT_FOUND)
                    : uniqueUrls(update.peerUrls(), update.id(), members);
            case ClusterChange.Promote promote -> named.isEmpty()
                    ? Optional.of(EtcdError.MEMBER_NOT_FOUND)
                    : promotion(named.get(), members);
        };
    }

    private Optional<EtcdError> refusal(ClusterChange.Add add, List<Member> members,
            LongPredicate connected) {
        List<Member> voters = voters(members);
        if (isStrict && !add.isLearner() && !staysStarted(voters)) {
            return Optional.of(EtcdError.NOT_ENOUGH_STARTED);
        }
        if (isStrict && !voters.stream().filter(ClusterRules::isStarted)
                .allMatch(one -> connected.test(one.getID()))) {
            return Optional.of(EtcdError.UNHEALTHY);
        }
        if (members.stream().anyMatch(one -> one.getID() == add.id())) {
            return Optional.of(EtcdError.MEMBER_EXISTS);
        }
        Optional<EtcdError> urls = uniqueUrls(add.peerUrls(), add.id(), members);
        if (urls.isPresent()) {
            return urls;
        }
        return add.isLearner() && members.size() - voters.size() >= learnersMax
                ? Optional.of(EtcdError.TOO_MANY_LEARNERS)
                : Optional.empty();
    }

    /* With one more voter that is not started yet. A cluster of one may grow. */
    private static boolean staysStarted(List<Member> voters) {
        long started = voters.stream().filter(ClusterRules::isStarted).count();
        int size = voters.size() + 1;
        return (started == 1 && size == 2) || started >= size / 2 + 1;
    }

    private Optional<EtcdError> refusal(Member removed, List<Member> members,
            LongPredicate connected) {
        if (!isStrict || removed.getRaftAttributes().getIsLearner()) {
            return Optional.empty();
        }
        List<Member> voters = voters(members);
        List<Member> left = voters.stream().filter(one -> one.getID() != removed.getID())
                .toList();
        if (left.stream().filter(ClusterRules::isStarted).count() < left.size() / 2 + 1) {
            return Optional.of(EtcdError.NOT_ENOUGH_STARTED);
        }
        long active = left.stream().filter(one -> connected.test(one.getID())).count();
        boolean isSafe = !connected.test(removed.getID()) || active >= left.size() / 2 + 1;
        return isSafe ? Optional.empty() : Optional.of(EtcdError.UNHEALTHY);
    }

    private Optional<EtcdError> promotion(Member promoted, List<Member> members) {
        if (!promoted.getRaftAttributes().getIsLearner()) {
            return Optional.of(EtcdError.MEMBER_NOT_LEARNER);
        }
        List<Member> voters = voters(members);
        long started = 1 + voters.stream().filter(ClusterRules::isStarted).count();
        return isStrict && started < (voters.size() + 1) / 2 + 1
                ? Optional.of(EtcdError.NOT_ENOUGH_STARTED)
                : Optional.empty();
    }

    private static Optional<EtcdError> uniqueUrls(PeerUrls urls, long id, List<Member> members) {
        return members.stream().filter(one -> one.getID() != id)
                .flatMap(one -> one.getRaftAttributes().getPeerUrlsList().stream())
                .anyMatch(urls.texts()::contains)
                        ? Optional.of(EtcdError.PEER_URL_EXISTS)
                        : Optional.empty();
    }

    private static List<Member> voters(List<Member> members) {
        return members.stream().filter(one -> !one.getRaftAttributes().getIsLearner()).toList();
    }

    /* A member publishes its name when it starts. */
    private static boolean isStarted(Member member) {
        return !member.getMemberAttributes().getName().isEmpty();
    }
}
