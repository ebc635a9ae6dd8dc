// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.membership.Member;
import io.jangada.api.membership.RaftAttributes;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.StateSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changes of membership do to what the store remembers of the members. */
class MemberChangesTest {
    private final MvccStore store = MvccStore.open(new MemoryBackend());
    private final Applier applier = new Applier(store, List.of(member(1, false, "http://a:1")),
            new ApplierTest.Deaf());
    private long index = 1;

    @BeforeEach
    void begin() {
        applier.initialize(new AppliedState(new EntryId(1, 1), ConfState.ofVoters(List.of(1L))));
    }

    @AfterEach
    void end() {
        store.close();
    }

    private static Member member(long id, boolean isLearner, String url) {
        return Member.newBuilder().setID(id).setRaftAttributes(
                RaftAttributes.newBuilder().addPeerUrls(url).setIsLearner(isLearner)).build();
    }

    /** As the group tells it: addresses, none here, and a note. */
    private static Bytes context(Member member) {
        byte[] note = member.toByteArray();
        return Bytes.copyOf(ByteBuffer.allocate(8 + note.length).putInt(0x4a4d4102).putInt(0)
                .put(note).flip());
    }

    private void change(ConfChangeType type, long id, Bytes context, ConfState result) {
        applier.applyConfChange(new EntryId(1, ++index), new ConfChange.V2(
                ConfChangeTransition.AUTO, List.of(new ConfChangeSingle(type, id)), context),
                result);
    }

    private static ConfState members(List<Long> voters, List<Long> learners) {
        return new ConfState(voters, learners, List.of(), List.of(), false);
    }

    private List<Member> members() {
        try (ReadView view = store.view()) {
            return Members.all(view);
        }
    }

    private Set<Long> joining() {
        try (ReadView view = store.view()) {
            return Members.joining(view);
        }
    }

    @Test
    void aVoterToBeJoinsUntilItVotes() {
        change(ConfChangeType.ADD_LEARNER_NODE, 2, context(member(2, false, "http://b:1")),
                members(List.of(1L), List.of(2L)));
        assertThat(members()).containsExactly(member(1, false, "http://a:1"),
                member(2, false, "http://b:1"));
        assertThat(joining()).containsExactly(2L);
        change(ConfChangeType.ADD_NODE, 2, Bytes.EMPTY, ConfState.ofVoters(List.of(1L, 2L)));
        assertThat(joining()).isEmpty();
    }

    @Test
    void aLearnerIsOneUntilItIsPromoted() {
        change(ConfChangeType.ADD_LEARNER_NODE, 2, context(member(2, true, "http://b:1")),
                members(List.of(1L), List.of(2L)));
        assertThat(joining()).isEmpty();
        assertThat(members().get(1)).isEqualTo(member(2, true, "http://b:1"));
        change(ConfChangeType.ADD_NODE, 2, Bytes.EMPTY, ConfState.ofVoters(List.of(1L, 2L)));
        assertThat(members().get(1)).isEqualTo(member(2, false, "http://b:1"));
    }

    @Test
    void aVoterThatIsALearnerForAWhileStaysWhatItWas() {
        change(ConfChangeType.ADD_LEARNER_NODE, 1, Bytes.EMPTY, members(List.of(), List.of(1L)));
        assertThat(members()).containsExactly(member(1, false, "http://a:1"));
        assertThat(joining()).isEmpty();
    }

    @Test
    void addressesChangeAndNothingElse() {
        change(ConfChangeType.UPDATE_NODE, 1, context(member(1, true, "http://z:1")),
                ConfState.ofVoters(List.of(1L)));
        assertThat(members()).containsExactly(member(1, false, "http://z:1"));
    }

    @Test
    void whoIsRemovedIsRememberedAsThat() {
        change(ConfChangeType.ADD_LEARNER_NODE, 2, context(member(2, false, "http://b:1")),
                members(List.of(1L), List.of(2L)));
        change(ConfChangeType.REMOVE_NODE, 2, Bytes.EMPTY, ConfState.ofVoters(List.of(1L)));
        assertThat(members()).containsExactly(member(1, false, "http://a:1"));
        assertThat(joining()).isEmpty();
        try (ReadView view = store.view()) {
            assertThat(Members.removed(view)).containsExactly(2L);
        }
    }

    @Test
    void aSnapshotBringsTheMembersAndWhoWasRemoved() throws IOException {
        change(ConfChangeType.ADD_LEARNER_NODE, 2, context(member(2, false, "http://b:1")),
                members(List.of(1L), List.of(2L)));
        change(ConfChangeType.ADD_LEARNER_NODE, 3, context(member(3, false, "http://c:1")),
                members(List.of(1L), List.of(2L, 3L)));
        ConfState left = members(List.of(1L), List.of(2L));
        change(ConfChangeType.REMOVE_NODE, 3, Bytes.EMPTY, left);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StateSnapshot snapshot = applier.snapshot()) {
            snapshot.writeTo(out);
        }
        try (MvccStore other = MvccStore.open(new MemoryBackend())) {
            Applier lagging = new Applier(other, List.of(), new ApplierTest.Deaf());
            lagging.recover();
            lagging.restore(new AppliedState(new EntryId(1, index), left),
                    new ByteArrayInputStream(out.toByteArray()));
            try (ReadView view = other.view()) {
                assertThat(Members.all(view)).isEqualTo(members()).hasSize(2);
                assertThat(Members.joining(view)).containsExactly(2L);
                assertThat(Members.removed(view)).containsExactly(3L);
            }
        }
    }

    @Test
    void aNoteThatIsNoneChangesNothing() {
        Bytes garbage = Bytes.copyOf(ByteBuffer.allocate(9).putInt(0x4a4d4102).putInt(0)
                .put((byte) 0xff).flip());
        change(ConfChangeType.ADD_LEARNER_NODE, 2, garbage, members(List.of(1L), List.of(2L)));
        change(ConfChangeType.UPDATE_NODE, 1, garbage, members(List.of(1L), List.of(2L)));
        assertThat(members()).containsExactly(member(1, false, "http://a:1"));
    }
}
