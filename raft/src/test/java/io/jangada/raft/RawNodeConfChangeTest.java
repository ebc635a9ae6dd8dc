// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of membership from proposal to application, of a group that begins as {1}: group J. */
final class RawNodeConfChangeTest {
    private static final ConfChangeSingle VOTER_2 = add(ConfChangeType.ADD_NODE, 2);
    private static final ConfChangeSingle LEARNER_1 = add(ConfChangeType.ADD_LEARNER_NODE, 1);
    private static final ConfChangeSingle LEARNER_2 = add(ConfChangeType.ADD_LEARNER_NODE, 2);
    private static final ConfChangeSingle LEARNER_3 = add(ConfChangeType.ADD_LEARNER_NODE, 3);

    private final MemoryStorage storage = MemoryStorage.withConfState(TestNode.voters(1));
    private final RawNode core = new RawNode(TestNode.plain(1, storage).build());
    private final List<ConfState> applied = new ArrayList<>();

    /** A change with what it leads to, and what is left of that in the end. */
    record Change(ConfChange change, ConfState entered, ConfState left) {
        @Override
        public String toString() {
            return change.transition() + " " + change.changes() + " " + change.entryType();
        }
    }

    private static ConfChangeSingle add(ConfChangeType type, long member) {
        return new ConfChangeSingle(type, member);
    }

    private static Change direct(ConfChange change, ConfState confState) {
        return new Change(change, confState, confState);
    }

    private static ConfChange.V2 v2(ConfChangeTransition transition, ConfChangeSingle... steps) {
        return new ConfChange.V2(transition, List.of(steps), Bytes.EMPTY);
    }

    static Stream<Change> changes() {
        ConfState voters = TestNode.voters(1, 2);
        ConfState learner = TestNode.members(List.of(1L), List.of(2L));
        ConfState swapped = TestNode.members(List.of(2L), List.of(1L, 3L));
        return Stream.concat(Stream.of(
                direct(new ConfChange.V1(7, VOTER_2, Bytes.utf8("v1")), voters),
                direct(v2(ConfChangeTransition.AUTO, VOTER_2), voters),
                direct(v2(ConfChangeTransition.AUTO, LEARNER_2), learner),
                new Change(v2(ConfChangeTransition.JOINT_EXPLICIT, LEARNER_2),
                        joint(List.of(1L), List.of(2L), List.of(), false), learner),
                new Change(v2(ConfChangeTransition.JOINT_IMPLICIT, LEARNER_2),
                        joint(List.of(1L), List.of(2L), List.of(), true), learner)),
                Stream.of(ConfChangeTransition.values()).map(transition -> new Change(
                        v2(transition, VOTER_2, LEARNER_1, LEARNER_3),
                        joint(List.of(2L), List.of(3L), List.of(1L),
                                transition != ConfChangeTransition.JOINT_EXPLICIT),
                        swapped)));
    }

    private static ConfState joint(List<Long> voters, List<Long> learners, List<Long> next,
            boolean autoLeave) {
        return new ConfState(voters, learners, List.of(1L), next, autoLeave);
    }

    @BeforeEach
    void lead() {
        core.campaign();
        settle();
        assertThat(core.leader()).isEqualTo(1);
    }

    private void settle() {
        while (core.hasReady()) {
            cycle();
        }
    }

    private void cycle() {
        Ready ready = core.ready();
        storage.append(ready.entries());
        for (Entry entry : ready.committedEntries()) {
            if (entry.type() != EntryType.NORMAL) {
                applied.add(core.applyConfChange(decode(entry)));
            }
        }
        core.advance();
    }

    private static ConfChange decode(Entry entry) {
        return ConfChangeCodec.decode(entry.type(), entry.data()).orElseThrow();
    }

    private List<Entry> stored(int count) throws CompactedException {
        long last = storage.lastIndex();
        return storage.entries(last + 1 - count, last + 1, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("changes")
    @DisplayName("J2 J3 a change is logged as it is, applied, and left if it is joint")
    void j2ProposeAndApply(Change test) throws CompactedException {
        core.propose(List.of(Bytes.utf8("somedata")));
        core.proposeConfChange(test.change());
        while (applied.isEmpty()) {
            cycle();
        }
        assertThat(applied).containsExactly(test.entered());
        List<Entry> logged = stored(2);
        assertThat(logged.getFirst().data().toUtf8()).isEqualTo("somedata");
        assertThat(logged.getLast().type()).isEqualTo(test.change().entryType());
        assertThat(logged.getLast().data()).isEqualTo(ConfChangeCodec.encode(test.change()));
        assertThat(decode(logged.getLast())).isEqualTo(test.change());
        long leaveEntry = test.entered().autoLeave() ? 1 : 0;
        assertThat(((Leader) core.raft().role()).proposals().pendingConfIndex())
                .isEqualTo(logged.getLast().index() + leaveEntry);
        if (test.entered().isJoint()) {
            leave(test);
        }
    }

    /** The other voters do not answer, so that the change is applied without being committed. */
    private void leave(Change test) {
        Bytes context = test.entered().autoLeave() ? Bytes.EMPTY : Bytes.utf8("manual");
        if (!test.entered().autoLeave()) {
            core.proposeConfChange(
                    new ConfChange.V2(ConfChangeTransition.AUTO, List.of(), context));
        }
        List<Entry> entries = core.ready().entries();
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo(EntryType.CONF_CHANGE_V2);
            ConfChange left = decode(entry);
            assertThat(left.changes()).isEmpty();
            assertThat(left.context()).isEqualTo(context);
            assertThat(core.applyConfChange(left)).isEqualTo(test.left());
        });
    }

    @Test
    @DisplayName("J5 adding a member twice does no harm")
    void j5DuplicateAdd() throws CompactedException {
        ConfChange one = TestNode.change(ConfChangeType.ADD_NODE, 1);
        ConfChange two = TestNode.change(ConfChangeType.ADD_NODE, 2);
        for (ConfChange change : List.of(one, one, two)) {
            assertThat(core.proposeConfChange(change)).isInstanceOf(ProposeOutcome.Appended.class);
            settle();
        }
        assertThat(applied).containsExactly(TestNode.voters(1), TestNode.voters(1),
                TestNode.voters(1, 2));
        assertThat(stored(3)).extracting(Entry::data).containsExactly(
                ConfChangeCodec.encode(one), ConfChangeCodec.encode(one),
                ConfChangeCodec.encode(two));
        assertThat(stored(3)).extracting(Entry::type).containsOnly(EntryType.CONF_CHANGE);
    }
}
