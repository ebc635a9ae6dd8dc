// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a leader does when a change of membership comes into force (thesis 4.2.2, 4.3). */
class MembershipReactionTest {
    private final RecordedTracer record = new RecordedTracer();

    private TestNode leader(boolean stepDown, long... voters) {
        return TestNode.of(1, options -> options.stepDownOnRemoval(stepDown)
                .tracer(record.tracer()), voters).leader();
    }

    @ParameterizedTest
    @CsvSource({
        "REMOVE_NODE, true, FOLLOWER", "REMOVE_NODE, false, LEADER",
        "ADD_LEARNER_NODE, true, FOLLOWER", "ADD_LEARNER_NODE, false, LEADER"})
    void whoIsNoVoterAnyMoreStepsDownIfTold(ConfChangeType type, boolean stepDown,
            RoleName role) {
        TestNode leader = leader(stepDown, 1, 2, 3);
        leader.apply(type, 1);
        assertThat(leader.raft.roleName()).isEqualTo(role);
        assertThat(leader.raft.term()).isEqualTo(1);
        assertThat(leader.messages(Message.AppendRequest.class)).isEmpty();
        if (role == RoleName.LEADER && type == ConfChangeType.REMOVE_NODE) {
            assertThat(leader.propose("data"))
                    .isEqualTo(new ProposeOutcome.Dropped(DropReason.NOT_A_MEMBER, 1));
        }
    }

    @Test
    void aLeaderThatIsGoneCommitsThroughTheOthers() {
        TestNode leader = leader(false, 1, 2, 3);
        leader.apply(ConfChangeType.REMOVE_NODE, 1);
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        assertThat(leader.committed()).isZero();
        leader.raft.step(new Message.AppendResponse(3, 1, 1, 1));
        assertThat(leader.committed()).isEqualTo(1);
    }

    @Test
    void aSmallerQuorumCommitsAtOnceAndTells() {
        TestNode leader = leader(true, 1, 2, 3, 4);
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        assertThat(leader.committed()).isZero();
        leader.apply(ConfChangeType.REMOVE_NODE, 4);
        assertThat(leader.committed()).isEqualTo(1);
        assertThat(leader.messages(Message.AppendRequest.class))
                .anyMatch(append -> append.to() == 2 && append.commit() == 1
                        && append.entries().isEmpty());
    }

    @Test
    void aNewPeerIsProbedAtOnceAndOthersAreLeftAlone() {
        TestNode leader = leader(true, 1, 2);
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        leader.apply(ConfChangeType.ADD_NODE, 3);
        assertThat(leader.messages(Message.AppendRequest.class)).hasSize(1)
                .allMatch(append -> append.to() == 3 && append.previous().index() == 0);
    }

    @ParameterizedTest
    @CsvSource({"2, REMOVE_NODE, 0", "2, ADD_LEARNER_NODE, 0", "3, REMOVE_NODE, 2"})
    void aTransferEndsWithItsTargetsVote(long member, ConfChangeType type, long target) {
        TestNode leader = leader(true, 1, 2, 3);
        leader.raft.role().transferTo(2);
        leader.apply(type, member);
        assertThat(leader.raft.transferTarget()).isEqualTo(target);
    }

    private static ConfChange replacement(ConfChangeTransition transition) {
        return new ConfChange.V2(transition,
                List.of(new ConfChangeSingle(ConfChangeType.ADD_NODE, 3),
                        new ConfChangeSingle(ConfChangeType.REMOVE_NODE, 2)),
                Bytes.EMPTY);
    }

    /** A leader of {1, 2} that has applied a joint change, its entry included. */
    private TestNode joint(ConfChangeTransition transition, boolean transfers) {
        TestNode leader = leader(true, 1, 2);
        leader.propose(replacement(transition));
        leader.messages();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 2));
        leader.raft.membership().apply(replacement(transition));
        if (transfers) {
            leader.raft.role().transferTo(2);
        }
        record.take();
        leader.applyCommitted();
        return leader;
    }

    @Test
    void anAutomaticJointConfigurationIsLeftOnce() {
        TestNode leader = joint(ConfChangeTransition.AUTO, false);
        assertThat(record.take())
                .containsExactly("leavingJoint voters=(1 3)&&(1 2) autoleave");
        assertThat(leader.log().getLast().type()).isEqualTo(EntryType.CONF_CHANGE_V2);
        assertThat(leader.log().getLast().data().isEmpty()).isTrue();
        leader.raft.step(new LocalEvent.StorageApplied(List.of(leader.log().get(1))));
        assertThat(leader.log()).hasSize(3);
    }

    @Test
    void anExplicitJointConfigurationIsNotLeft() {
        TestNode leader = joint(ConfChangeTransition.JOINT_EXPLICIT, false);
        assertThat(record.take()).isEmpty();
        assertThat(leader.log()).hasSize(2);
        leader.propose(TestNode.change(ConfChangeType.ADD_NODE, 4));
        assertThat(record.take()).anyMatch(line -> line.contains("MustLeaveJoint"));
    }

    @Test
    void aTransferPostponesTheLeaving() {
        TestNode leader = joint(ConfChangeTransition.AUTO, true);
        assertThat(record.take()).contains(
                "leavingJointDropped voters=(1 3)&&(1 2) autoleave");
        assertThat(leader.log()).hasSize(2);
    }

    @Test
    void nothingIsLeftWithoutAJointConfiguration() {
        TestNode leader = leader(true, 1, 2);
        leader.propose(new ConfChange.V2(ConfChangeTransition.AUTO, List.of(), Bytes.EMPTY));
        assertThat(record.take()).anyMatch(line -> line.contains("NotJoint"));
    }
}
