// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.membership.Attributes;
import io.jangada.api.membership.Member;
import io.jangada.api.membership.RaftAttributes;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** etcd's refusals of changes of the members. */
class ClusterRulesTest {
    private static final ClusterRules STRICT = new ClusterRules(true, 1);
    private static final ClusterRules LAX = new ClusterRules(false, 1);

    private final List<Member> members = new ArrayList<>();
    private Set<Long> away = Set.of();

    private void started(long... ids) {
        for (long id : ids) {
            members.add(member(id, "m" + id, false));
        }
    }

    private static Member member(long id, String name, boolean isLearner) {
        return Member.newBuilder().setID(id)
                .setRaftAttributes(RaftAttributes.newBuilder().addPeerUrls(url(id))
                        .setIsLearner(isLearner))
                .setMemberAttributes(Attributes.newBuilder().setName(name)).build();
    }

    private static String url(long id) {
        return "http://h" + id + ":2380";
    }

    private static ClusterChange.Add add(long id, boolean isLearner) {
        return new ClusterChange.Add(id, PeerUrls.parse(List.of(url(id))), isLearner);
    }

    private Optional<EtcdError> refusal(ClusterRules rules, ClusterChange change) {
        return rules.refusal(change, members, id -> !away.contains(id));
    }

    @Test
    void voterIsAddedWhereEnoughHaveStarted() {
        started(1);
        assertThat(refusal(STRICT, add(2, false))).isEmpty();
        members.add(member(2, "", false));
        assertThat(refusal(STRICT, add(3, false))).contains(EtcdError.NOT_ENOUGH_STARTED);
        assertThat(refusal(LAX, add(3, false))).isEmpty();
        assertThat(refusal(STRICT, add(3, true))).isEmpty();
    }

    @Test
    void nobodyIsAddedWhileAVoterIsAway() {
        started(1, 2, 3);
        away = Set.of(3L);
        assertThat(refusal(STRICT, add(4, false))).contains(EtcdError.UNHEALTHY);
        assertThat(refusal(STRICT, add(4, true))).contains(EtcdError.UNHEALTHY);
        assertThat(refusal(LAX, add(4, false))).isEmpty();
    }

    @Test
    void idsAndUrlsAreUsedOnce() {
        started(1, 2, 3);
        assertThat(refusal(STRICT, add(2, false))).contains(EtcdError.MEMBER_EXISTS);
        PeerUrls taken = PeerUrls.parse(List.of(url(9), url(1)));
        assertThat(refusal(STRICT, new ClusterChange.Add(4, taken, false)))
                .contains(EtcdError.PEER_URL_EXISTS);
        assertThat(refusal(STRICT, new ClusterChange.Update(2, taken)))
                .contains(EtcdError.PEER_URL_EXISTS);
        assertThat(refusal(STRICT, new ClusterChange.Update(1, taken))).isEmpty();
    }

    @Test
    void learnersAreCounted() {
        started(1, 2, 3);
        assertThat(refusal(STRICT, add(4, true))).isEmpty();
        members.add(member(4, "", true));
        assertThat(refusal(STRICT, add(5, true))).contains(EtcdError.TOO_MANY_LEARNERS);
        assertThat(refusal(STRICT, add(5, false))).isEmpty();
        assertThat(refusal(new ClusterRules(true, 2), add(5, true))).isEmpty();
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        started(1, 2, 3);
        PeerUrls urls = PeerUrls.parse(List.of(url(4)));
        for (ClusterChange change : List.of(new ClusterChange.Remove(4),
                new ClusterChange.Update(4, urls), new ClusterChange.Promote(4))) {
            assertThat(refusal(STRICT, change)).contains(EtcdError.MEMBER_NOT_FOUND);
        }
    }

    @Test
    void removalsKeepAQuorumOfThoseThatAreThere() {
        started(1, 2, 3);
        assertThat(refusal(STRICT, new ClusterChange.Remove(1))).isEmpty();
        away = Set.of(3L);
        assertThat(refusal(STRICT, new ClusterChange.Remove(3))).isEmpty();
        assertThat(refusal(STRICT, new ClusterChange.Remove(2))).contains(EtcdError.UNHEALTHY);
        assertThat(refusal(LAX, new ClusterChange.Remove(2))).isEmpty();
        members.set(2, member(3, "", false));
        assertThat(refusal(STRICT, new ClusterChange.Remove(2)))
                .contains(EtcdError.NOT_ENOUGH_STARTED);
    }

    @Test
    void theLastVoterAndLearners() {
        started(1);
        members.add(member(2, "", true));
        assertThat(refusal(STRICT, new ClusterChange.Remove(1)))
                .contains(EtcdError.NOT_ENOUGH_STARTED);
        away = Set.of(2L);
        assertThat(refusal(STRICT, new ClusterChange.Remove(2))).isEmpty();
    }

    @Test
    void onlyLearnersArePromotedAndOnlyWhereEnoughHaveStarted() {
        started(1, 2);
        members.add(member(3, "m3", true));
        assertThat(refusal(STRICT, new ClusterChange.Promote(1)))
                .contains(EtcdError.MEMBER_NOT_LEARNER);
        assertThat(refusal(STRICT, new ClusterChange.Promote(3))).isEmpty();
        members.set(0, member(1, "", false));
        members.set(1, member(2, "", false));
        assertThat(refusal(STRICT, new ClusterChange.Promote(3)))
                .contains(EtcdError.NOT_ENOUGH_STARTED);
    }

    @Test
    void badUrlsAreRefused() {
        for (List<String> bad : List.of(List.<String>of(), List.of(""), List.of("h:1"),
                List.of("http://h"), List.of("http://h:1/path"),
                List.of("http://h:1", "http://h:1"))) {
            assertThatThrownBy(() -> PeerUrls.parse(bad)).as("%s", bad)
                    .isInstanceOfSatisfying(RequestRejected.class, refused -> assertThat(
                            refused.error()).isEqualTo(EtcdError.MEMBER_BAD_URLS));
        }
        assertThat(PeerUrls.parse(List.of("http://b:1", "http://a:1")).texts())
                .containsExactly("http://a:1", "http://b:1");
    }
}
