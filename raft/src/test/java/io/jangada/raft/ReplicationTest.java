// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.tracker.ProgressState;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replication and flow control: parts of groups D and I. */
final class ReplicationTest {

    @Test
    @DisplayName("D3 a peer in probe state gets one append")
    void d3ProbeSendsOnce() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        for (int i = 0; i < 3; i++) {
            leader.propose("x");
        }
        assertThat(leader.messages(Message.AppendRequest.class)).isEmpty();
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 0));
        assertThat(leader.messages(Message.AppendRequest.class)).hasSize(1);
    }

    @Test
    @DisplayName("D6 what one leader commits survives the next")
    void d6EntriesSurviveElections() {
        TestNetwork network = TestNetwork.of(3);
        network.campaign(1);
        network.propose(1, "x");
        network.campaign(2);
        network.propose(2, "y");
        for (long id = 1; id <= 3; id++) {
            assertThat(network.node(id).committed()).isEqualTo(4);
            assertThat(network.node(id).logTerms()).containsExactly(1L, 1L, 2L, 2L);
        }
    }

    @Test
    @DisplayName("D5 uncommitted bytes are limited, but never below one proposal")
    void d5UncommittedLimit() {
        TestNode leader = TestNode.of(1,
                options -> options.maxUncommittedBytes(1024 * 8).maxInflightMessages(2048), 1, 2, 3)
                .leader();
        for (int i = 0; i < 1024; i++) {
            assertThat(leader.propose("testdata")).isInstanceOf(ProposeOutcome.Appended.class);
        }
        var refused = new ProposeOutcome.Dropped(DropReason.UNCOMMITTED_LIMIT, 1);
        assertThat(leader.propose("testdata")).isEqualTo(refused);
        commitAndApply(leader);
        assertThat(uncommittedBytes(leader)).isZero();

        var many = Collections.nCopies(2048,
                Entry.proposed(EntryType.NORMAL, Bytes.utf8("testdata")));
        assertThat(leader.raft.propose(new Message.Propose(1, 1, many)))
                .isInstanceOf(ProposeOutcome.Appended.class);
        assertThat(leader.propose("testdata")).isEqualTo(refused);
        assertThat(leader.propose("")).isInstanceOf(ProposeOutcome.Appended.class);
        commitAndApply(leader);
        assertThat(uncommittedBytes(leader)).isZero();
    }

    private static void commitAndApply(TestNode leader) {
        leader.messages();
        long last = leader.raft.log().lastIndex();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, last));
        assertThat(leader.committed()).isEqualTo(last);
        leader.applyCommitted();
    }

    private static long uncommittedBytes(TestNode node) {
        return ((Leader) node.raft.role()).proposals().uncommittedBytes();
    }

    @Test
    @DisplayName("D7 a learner gets the log")
    void d7LearnerReplicates() {
        var members = TestNode.members(List.of(1L), List.of(2L));
        TestNetwork network = TestNetwork.of(TestNode.ofMembers(1, members),
                TestNode.ofMembers(2, members));
        network.campaign(1);
        network.propose(1, "x");
        assertThat(network.node(1).committed()).isEqualTo(2);
        assertThat(network.node(2).committed()).isEqualTo(2);
        assertThat(network.node(1).progress(2).match()).isEqualTo(2);
    }

    @Test
    @DisplayName("D8 a single member commits by itself")
    void d8SingleMemberCommits() {
        TestNetwork network = TestNetwork.of(1);
        network.campaign(1);
        network.propose(1, "x");
        network.propose(1, "y");
        assertThat(network.node(1).committed()).isEqualTo(3);
    }

    @Test
    @DisplayName("D10 an election commits what the old leader could not")
    void d10NewLeaderCommitsOldEntries() {
        TestNetwork network = TestNetwork.of(5);
        network.campaign(1);
        for (long peer = 3; peer <= 5; peer++) {
            network.cut(1, peer);
        }
        network.propose(1, "x");
        network.propose(1, "y");
        assertThat(network.node(1).committed()).isEqualTo(1);
        network.heal();
        network.campaign(2);
        assertThat(network.node(2).committed()).isEqualTo(4);
        assertThat(network.node(1).committed()).isEqualTo(4);
    }

    @ParameterizedTest(name = "{0} nodes, silent {1}: {2}")
    @CsvSource({"3,'',true", "3,3,true", "3,2 3,false", "4,2 3,false", "5,2 3,true"})
    @DisplayName("D12 a proposal needs a leader, and a majority")
    void d12Proposals(int size, String silent, boolean succeeds) {
        TestNetwork network = TestNetwork.of(size);
        Set<Long> silenced = new TreeSet<>();
        for (String id : silent.isEmpty() ? new String[0] : silent.split(" ", -1)) {
            silenced.add(Long.parseLong(id));
            network.silence(Long.parseLong(id));
        }
        network.campaign(1);
        assertThat(network.propose(1, "x") instanceof ProposeOutcome.Appended).isEqualTo(succeeds);
        for (long id = 1; id <= size; id++) {
            if (!silenced.contains(id)) {
                assertThat(network.node(id).log()).extracting(entry -> entry.data().toUtf8())
                        .isEqualTo(succeeds ? List.of("", "x") : List.of());
                assertThat(network.node(id).committed()).isEqualTo(succeeds ? 2 : 0);
            }
        }
        assertThat(network.raft(1).term()).isEqualTo(1);
    }

    @ParameterizedTest(name = "matches {0}, log {1}, term {2}: {3}")
    @CsvSource({"1,1,1,1", "1,1,2,0", "2,1 2,2,2", "1,2,2,1",
        "2 1 1,1 2,1,1", "2 1 1,1 1,2,0", "2 1 2,1 2,2,2", "2 1 2,1 1,2,0",
        "2 1 1 1,1 2,1,1", "2 1 1 1,1 1,2,0", "2 1 1 2,1 2,1,1", "2 1 1 2,1 1,2,0",
        "2 1 2 2,1 2,2,2", "2 1 2 2,1 1,2,0"})
    @DisplayName("D14 a majority commits entries of the current term")
    void d14CommitsByMajority(String matches, String log, long term, long committed) {
        long[] match = numbers(matches);
        TestNode leader = TestNode.withLog(1, new HardState(term - 1, 0, 0), numbers(log),
                LongStream.rangeClosed(1, match.length).toArray());
        leader.raft.becomeCandidate();
        leader.raft.becomeLeader();
        assertThat(leader.progress(1).match()).isEqualTo(match[0]);
        for (int i = 1; i < match.length; i++) {
            leader.progress(i + 1L).maybeUpdate(match[i]);
        }
        boolean moved = ((Leader) leader.raft.role()).maybeCommit();
        assertThat(leader.committed()).isEqualTo(committed);
        assertThat(moved).isEqualTo(committed > 0);
    }

    private static long[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    @Test
    @DisplayName("D13 a follower's proposal reaches the leader")
    void d13FollowersForward() {
        TestNetwork network = TestNetwork.of(3).silence(3);
        network.campaign(1);
        assertThat(network.propose(2, "x")).isEqualTo(new ProposeOutcome.Forwarded(1));
        assertThat(network.node(1).committed()).isEqualTo(2);
        assertThat(network.node(2).logTerms()).containsExactly(1L, 1L);
    }

    @Test
    @DisplayName("D16 a heartbeat moves the commit index up, never down")
    void d16HeartbeatCommits() {
        TestNode node = TestNode.of(1, 1, 2).follower(1, 2);
        node.raft.step(new Message.AppendRequest(2, 1, 1, EntryId.ZERO,
                TestNode.entries(1, 1, 1, 1), 2));
        node.raft.step(new Message.Heartbeat(2, 1, 1, 3, 0));
        assertThat(node.committed()).isEqualTo(3);
        node.raft.step(new Message.Heartbeat(2, 1, 1, 1, 0));
        assertThat(node.committed()).isEqualTo(3);
        assertThat(node.messages(Message.HeartbeatResponse.class)).hasSize(2);
    }

    @Test
    @DisplayName("I1 a full window sends nothing until a place is free")
    void i1WindowFills() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        for (int i = 0; i < 256; i++) {
            leader.propose("x");
            assertThat(leader.messages(Message.AppendRequest.class)).hasSize(1);
        }
        for (int i = 0; i < 10; i++) {
            leader.propose("x");
            assertThat(leader.messages(Message.AppendRequest.class)).isEmpty();
        }
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 2));
        assertThat(leader.messages(Message.AppendRequest.class)).isNotEmpty();
        var progress = leader.raft.tracker().progress(2).orElseThrow();
        assertThat(progress.state()).isEqualTo(ProgressState.REPLICATE);
        assertThat(progress.inflights().isFull()).isTrue();
    }

    @Test
    @DisplayName("I2 each acknowledgement that is news frees its places in the window")
    void i2AcknowledgementsMoveTheWindow() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        for (int i = 0; i < 256; i++) {
            leader.propose("x");
        }
        leader.messages();
        var progress = leader.raft.tracker().progress(2).orElseThrow();
        assertThat(progress.inflights().isFull()).isTrue();
        for (long index = 2; index < 257; index++) {
            leader.raft.step(new Message.AppendResponse(2, 1, 1, index));
            leader.messages();
            assertThat(progress.inflights().count()).isEqualTo(255);
            leader.propose("x");
            assertThat(leader.messages(Message.AppendRequest.class)).singleElement()
                    .satisfies(append -> assertThat(append.entries()).hasSize(1));
            assertThat(progress.inflights().isFull()).isTrue();
            for (long old = 0; old < index; old++) {
                leader.raft.step(new Message.AppendResponse(2, 1, 1, old));
            }
            assertThat(leader.messages()).isEmpty();
            assertThat(progress.isPaused()).isTrue();
        }
    }
}
