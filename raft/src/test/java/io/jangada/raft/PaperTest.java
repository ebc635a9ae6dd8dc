// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The behaviours of the Raft paper: group A. */
final class PaperTest {
    private static Message.AppendRequest append(long term, EntryId previous, long commit,
            List<Entry> entries) {
        return new Message.AppendRequest(2, 1, term, previous, entries, commit);
    }

    private static TestNode inRole(RoleName role) {
        TestNode node = TestNode.of(1, 1, 2, 3);
        switch (role) {
            case FOLLOWER -> node.follower(1, 2);
            case CANDIDATE -> node.raft.becomeCandidate();
            case LEADER -> node.leader();
            case PRE_CANDIDATE -> node.raft.becomePreCandidate();
        }
        return node;
    }

    @ParameterizedTest
    @EnumSource(value = RoleName.class, names = {"FOLLOWER", "CANDIDATE", "LEADER"})
    @DisplayName("A1 a higher term makes every role a follower")
    void a1HigherTermMakesFollower(RoleName role) {
        TestNode node = inRole(role);
        node.raft.step(append(2, EntryId.ZERO, 0, List.of()));
        assertThat(node.raft.term()).isEqualTo(2);
        assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
    }

    @Test
    @DisplayName("A2 B13 an append of a lower term does not reach the role")
    void a2LowerTermIsIgnored() {
        TestNode node = TestNode.withLog(1, new HardState(2, 0, 0), new long[]{}, 1, 2, 3);
        node.raft.step(append(1, EntryId.ZERO, 0, TestNode.entries(1, 1)));
        assertThat(node.raft.leader()).isZero();
        assertThat(node.logTerms()).isEmpty();
        assertThat(node.messages()).isEmpty();
    }

    @Test
    @DisplayName("A3 a new node follows")
    void a3StartsAsFollower() {
        assertThat(TestNode.of(1, 1, 2, 3).raft.roleName()).isEqualTo(RoleName.FOLLOWER);
    }

    @Test
    @DisplayName("A4 a leader sends heartbeats each interval")
    void a4LeaderSendsHeartbeats() {
        TestNode node = TestNode.of(1, 1, 2, 3).leader();
        for (int i = 0; i < 10; i++) {
            node.propose("x");
        }
        node.messages();
        node.tick(1);
        assertThat(node.messages()).containsExactly(new Message.Heartbeat(1, 2, 1, 0, 0),
                new Message.Heartbeat(1, 3, 1, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(value = RoleName.class, names = {"FOLLOWER", "CANDIDATE"})
    @DisplayName("A5 a non-leader campaigns when it hears of nobody")
    void a5CampaignsAfterTimeout(RoleName role) {
        TestNode node = inRole(role);
        node.tick(19);
        List<Message> said = node.messages();
        assertThat(node.raft.term()).isEqualTo(2);
        assertThat(node.raft.roleName()).isEqualTo(RoleName.CANDIDATE);
        assertThat(node.raft.tracker().tally().granted()).isEqualTo(1);
        assertThat(said).containsExactly(
                new Message.VoteRequest(1, 2, 2, EntryId.ZERO, false),
                new Message.VoteRequest(1, 3, 2, EntryId.ZERO, false));
    }

    @ParameterizedTest(name = "{0} voters, answers {1}: {2}")
    @CsvSource({"1,'',LEADER", "3,yy,LEADER", "3,y,LEADER", "5,yyyy,LEADER", "5,yyy,LEADER",
        "5,yy,LEADER", "3,nn,FOLLOWER", "5,nnnn,FOLLOWER", "5,ynnn,FOLLOWER",
        "3,'',CANDIDATE", "5,y,CANDIDATE", "5,nn,CANDIDATE", "5,'',CANDIDATE"})
    @DisplayName("A6 one round of voting")
    void a6VotesDecide(int size, String answers, RoleName role) {
        TestNode node = TestNode.of(1, ids(size)).candidate();
        for (int i = 0; i < answers.length(); i++) {
            node.raft.step(new Message.VoteResponse(i + 2L, 1, 1, answers.charAt(i) == 'y'));
        }
        assertThat(node.raft.roleName()).isEqualTo(role);
        assertThat(node.raft.term()).isEqualTo(1);
    }

    private static long[] ids(int size) {
        long[] ids = new long[size];
        for (int i = 0; i < size; i++) {
            ids[i] = i + 1L;
        }
        return ids;
    }

    @ParameterizedTest(name = "vote {0}, candidate {1}: {2}")
    @CsvSource({"0,2,true", "0,3,true", "2,2,true", "3,3,true", "2,3,false", "3,2,false"})
    @DisplayName("A7 one vote in a term, first come first served, and only once durable")
    void a7VotesOnce(long vote, long candidate, boolean granted) {
        TestNode node = TestNode.withLog(1, new HardState(1, vote, 0), new long[]{}, 1, 2, 3);
        node.raft.step(new Message.VoteRequest(candidate, 1, 1, EntryId.ZERO, false));
        assertThat(node.raft.outbox().takeImmediate()).isEmpty();
        assertThat(node.messages())
                .containsExactly(new Message.VoteResponse(1, candidate, 1, granted));
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    @DisplayName("A8 a candidate follows whoever leads its term")
    void a8CandidateFallsBack(long term) {
        TestNode node = TestNode.of(1, 1, 2, 3).candidate();
        node.raft.step(append(term, EntryId.ZERO, 0, List.of()));
        assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(node.raft.term()).isEqualTo(term);
        assertThat(node.raft.leader()).isEqualTo(2);
    }

    private static TestNode leaderWithCommittedEntry(int size) {
        TestNode node = TestNode.of(1, ids(size)).leader();
        acknowledge(node, 1, size);
        return node;
    }

    private static void acknowledge(TestNode node, long index, int size) {
        for (long peer = 2; peer <= size; peer++) {
            node.raft.step(new Message.AppendResponse(peer, 1, node.raft.term(), index));
        }
        node.messages();
    }

    @Test
    @DisplayName("A11 a proposal is appended and sent")
    void a11ReplicatesProposal() {
        TestNode node = leaderWithCommittedEntry(3);
        node.propose("some data");
        var entry = new Entry(1, 2, EntryType.NORMAL, Bytes.utf8("some data"));
        assertThat(node.messages()).containsExactly(
                new Message.AppendRequest(1, 2, 1, TestNode.id(1, 1), List.of(entry), 1),
                new Message.AppendRequest(1, 3, 1, TestNode.id(1, 1), List.of(entry), 1));
        assertThat(node.committed()).isEqualTo(1);
        assertThat(node.raft.log().unstable().nextEntries()).endsWith(entry);
    }

    @Test
    @DisplayName("A12 an entry that a quorum has is committed, and followers hear of it")
    void a12CommitsAndTells() {
        TestNode node = leaderWithCommittedEntry(3);
        node.propose("some data");
        node.messages();
        for (long peer = 2; peer <= 3; peer++) {
            node.raft.step(new Message.AppendResponse(peer, 1, 1, 2));
        }
        assertThat(node.committed()).isEqualTo(2);
        assertThat(node.raft.log().nextCommitted(true)).hasSize(2);
        assertThat(node.messages(Message.AppendRequest.class)).isNotEmpty()
                .allMatch(append -> append.commit() == 2);
    }

    @ParameterizedTest(name = "{0} voters, {1} accept: {2}")
    @CsvSource({"1,0,true", "3,0,false", "3,1,true", "3,2,true", "5,0,false", "5,1,false",
        "5,2,true", "5,3,true", "5,4,true"})
    @DisplayName("A13 a majority commits")
    void a13MajorityCommits(int size, int acceptors, boolean commits) {
        TestNode node = leaderWithCommittedEntry(size);
        node.propose("x");
        node.messages();
        for (long peer = 2; peer <= acceptors + 1; peer++) {
            node.raft.step(new Message.AppendResponse(peer, 1, 1, 2));
        }
        assertThat(node.committed()).isEqualTo(commits ? 2 : 1);
    }

    @ParameterizedTest(name = "{0} entries, commit {1}")
    @CsvSource({"1,1", "2,2", "2,1"})
    @DisplayName("A15 a follower applies what the leader has committed")
    void a15FollowerCommits(int count, long commit) {
        TestNode node = TestNode.of(1, 1, 2, 3).follower(1, 2);
        long[] terms = count == 1 ? new long[]{1} : new long[]{1, 1};
        node.raft.step(append(1, EntryId.ZERO, commit, TestNode.entries(1, terms)));
        assertThat(node.committed()).isEqualTo(commit);
        assertThat(node.raft.log().nextCommitted(true)).hasSize((int) commit);
    }

    @ParameterizedTest(name = "{0}/{1} + {2}")
    @CsvSource({"2,2,3,'1 2 3',3", "1,1,3 4,'1 3 4',2", "0,0,1,'1 2',0", "0,0,3,'3',1"})
    @DisplayName("A17 a follower replaces what conflicts, and only that")
    void a17FollowerAppends(long index, long term, String added, String whole, long unstable) {
        TestNode node = TestNode.withLog(1, new HardState(2, 0, 0), new long[]{1, 2}, 1, 2, 3);
        node.raft.step(append(4, TestNode.id(index, term), 0,
                TestNode.entries(index + 1, terms(added))));
        assertThat(node.logTerms()).isEqualTo(TestNode.entries(1, terms(whole)).stream()
                .map(Entry::term).toList());
        List<Entry> next = node.raft.log().unstable().nextEntries();
        assertThat(next.isEmpty() ? 0 : next.getFirst().index()).isEqualTo(unstable);
    }

    private static long[] terms(String text) {
        return text.isEmpty()
                ? new long[0]
                : List.of(text.split(" ")).stream().mapToLong(Long::parseLong).toArray();
    }

    @ParameterizedTest(name = "log {0}")
    @CsvSource({"1,2", "1 2,3"})
    @DisplayName("A19 requests for votes tell the last entry")
    void a19RequestsCarryLastEntry(String log, long term) {
        TestNode node = TestNode.of(1, 1, 2, 3);
        long[] terms = terms(log);
        node.raft.step(append(term - 1, EntryId.ZERO, 0, TestNode.entries(1, terms)));
        node.messages();
        node.tick(19);
        EntryId last = TestNode.id(terms.length, terms[terms.length - 1]);
        assertThat(node.messages()).containsExactly(
                new Message.VoteRequest(1, 2, term, last, false),
                new Message.VoteRequest(1, 3, term, last, false));
    }

    @ParameterizedTest(name = "log {0}, candidate {1}/{2}: granted {3}")
    @CsvSource({"1,1,1,true", "1,1,2,true", "1 1,1,1,false", "1,2,1,true", "1,2,2,true",
        "1 1,2,1,true", "2,1,1,false", "2,1,2,false", "2 2,1,1,false"})
    @DisplayName("A20 a vote goes to logs that are up to date only")
    void a20VotesForUpToDateLogs(String log, long term, long index, boolean granted) {
        TestNode node = TestNode.withLog(1, new HardState(2, 0, 0), terms(log), 1, 2);
        node.raft.step(new Message.VoteRequest(2, 1, 3, TestNode.id(index, term), false));
        assertThat(node.messages()).containsExactly(new Message.VoteResponse(1, 2, 3, granted));
    }

    @ParameterizedTest(name = "acknowledged {0}: committed {1}")
    @CsvSource({"1,0", "2,0", "3,3"})
    @DisplayName("A21 entries of earlier terms are not committed by counting")
    void a21CommitsOwnTermOnly(long index, long committed) {
        TestNode node = TestNode.withLog(1, new HardState(2, 0, 0), new long[]{1, 2}, 1, 2)
                .leader();
        node.propose("x");
        node.messages();
        node.raft.step(new Message.AppendResponse(2, 1, 3, index));
        assertThat(node.committed()).isEqualTo(committed);
    }
}
