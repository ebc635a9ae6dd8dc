// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sessions on three members, in virtual time. */
class SessionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Cluster cluster;
    private final Map<Long, Journal> journals = new TreeMap<>();
    private final Map<Long, RaftNode<SessionAnswer<Integer>>> nodes = new TreeMap<>();
    private Instant now = Instant.EPOCH;

    SessionTest() throws IOException {
        cluster = Cluster.of(3);
        List<Member> members = List.of(new Member(1, List.of()), new Member(2, List.of()),
                new Member(3, List.of()));
        for (long id = 1; id <= 3; id++) {
            Journal journal = new Journal();
            journals.put(id, journal);
            nodes.put(id, cluster.running(id).host().start(
                    GroupConfig.builder(2, GroupStart.NEW, members).limits(Cluster.LIMITS).build(),
                    SessionStateMachineTest.machine(journal, SessionLimits.DEFAULT)));
        }
        cluster.await(() -> leader() != 0, "a leader");
    }

    private long leader() {
        return nodes.values().stream().filter(node -> node.status().isLeader())
                .map(node -> node.status().memberId()).findFirst().orElse(0L);
    }

    private RaftNode<SessionAnswer<Integer>> node(long id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    private List<String> lines(long id) {
        return Objects.requireNonNull(journals.get(id)).lines();
    }

    private Session<Integer> open(long id) {
        cluster.await(() -> node(id).status().leader() != 0, "a leader is known");
        return switch (cluster.result(Session.open(node(id), () -> now))) {
            case SessionOpening.Opened<Integer> opened -> opened.session();
            case SessionOpening.Refused<Integer> refused -> throw new AssertionError(refused);
            case SessionOpening.Unknown<Integer> unknown -> throw new AssertionError(unknown);
        };
    }

    @Test
    void aCallOfUnknownOutcomeIsAttemptedAgainAndAppliedOnce() {
        long leader = leader();
        long follower = leader % 3 + 1;
        long third = 6 - leader - follower;
        Session<Integer> session = open(follower);
        SessionCall<Integer> call = session.call(Bytes.utf8("once"));
        cluster.hub.cut(leader, follower);
        CompletableFuture<SessionResult<Integer>> first = call.propose();
        cluster.await(() -> lines(third).contains("once"), "applied elsewhere");
        cluster.loops.runFor(TIMEOUT);
        assertThat(first.join()).isInstanceOf(SessionResult.Unknown.class);
        cluster.hub.heal();
        cluster.await(() -> leader() != 0, "a leader");
        cluster.result(node(third).propose(SessionStateMachine.plain(Bytes.utf8("another"))));

        assertThat(cluster.result(call.propose(node(third))))
                .isEqualTo(new SessionResult.Applied<>(1));
        assertThat(cluster.result(call.propose())).isEqualTo(new SessionResult.Applied<>(1));
        assertThat(lines(third)).containsExactly("once", "another");
    }

    @Test
    void attemptsThatOverlapAreAppliedOnce() {
        Session<Integer> session = open(leader());
        SessionCall<Integer> call = session.call(Bytes.utf8("once"));
        CompletableFuture<SessionResult<Integer>> first = call.propose();
        CompletableFuture<SessionResult<Integer>> second = call.propose();
        assertThat(cluster.result(first)).isEqualTo(new SessionResult.Applied<>(1));
        assertThat(cluster.result(second)).isEqualTo(new SessionResult.Applied<>(1));
        assertThat(cluster.result(session.call(Bytes.utf8("next")).propose()))
                .isEqualTo(new SessionResult.Applied<>(2));
        assertThat(lines(leader())).containsExactly("once", "next");
    }

    @Test
    void anExpiredSessionSaysWhetherTheCallMayHaveBeenApplied() {
        long leader = leader();
        Session<Integer> session = open(leader);
        Session<Integer> other = open(leader);
        SessionCall<Integer> call = session.call(Bytes.utf8("late"));
        now = now.plus(SessionLimits.DEFAULT.idleMax()).plusSeconds(1);
        cluster.result(other.renew());
        assertThat(cluster.result(call.propose())).isEqualTo(new SessionResult.Expired<>(false));

        Session<Integer> third = open(leader);
        SessionCall<Integer> tried = third.call(Bytes.utf8("tried"));
        cluster.hub.isolate(leader);
        CompletableFuture<SessionResult<Integer>> lost = tried.propose();
        cluster.loops.runFor(TIMEOUT);
        assertThat(lost.join()).isInstanceOf(SessionResult.Unknown.class);
        cluster.hub.heal();
        cluster.await(() -> leader() != 0, "a leader");
        Session<Integer> fourth = open(leader());
        now = now.plus(SessionLimits.DEFAULT.idleMax()).plusSeconds(1);
        cluster.result(fourth.renew());
        assertThat(cluster.result(tried.propose(node(leader()))))
                .isEqualTo(new SessionResult.Expired<>(true));
    }

    @Test
    void aSessionIsRenewedAndClosed() {
        Session<Integer> session = open(leader());
        assertThat(alive(session.renew())).isTrue();
        assertThat(alive(session.close())).isFalse();
        assertThat(alive(session.renew())).isFalse();
        assertThat(cluster.result(session.call(Bytes.utf8("a")).propose()))
                .isEqualTo(new SessionResult.Expired<>(false));
    }

    private boolean alive(CompletableFuture<ProposalResult<Boolean>> asked) {
        return cluster.result(asked) instanceof ProposalResult.Applied<Boolean> applied
                && applied.result();
    }

    @Test
    void openCallsAreBounded() {
        Session<Integer> session = open(leader());
        SessionCall<Integer> first = session.call(Bytes.EMPTY);
        for (int i = 1; i < Session.OPEN_MAX; i++) {
            SessionCall<Integer> ignored = session.call(Bytes.EMPTY);
        }
        assertThatThrownBy(() -> session.call(Bytes.EMPTY))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("1024");
        first.abandon();
        assertThat(cluster.result(first.propose())).isEqualTo(
                new SessionResult.Unknown<>(UnknownCause.ABANDONED, 0));
        assertThat(cluster.result(session.call(Bytes.utf8("a")).propose()))
                .isEqualTo(new SessionResult.Applied<>(1));
    }
}
