// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The calculator of configurations and the bytes of changes: P3, P5, P6. */
final class ChangerTest {
    private static final long SEED = 20_261_123;

    private static Changer changer(Changed from) {
        return new Changer(from, 10, 8, 0);
    }

    private static ConfChangeSingle random(Random random) {
        var types = ConfChangeType.values();
        return new ConfChangeSingle(types[random.nextInt(types.length)], 2 + random.nextInt(9));
    }

    private static List<ConfChangeSingle> randomChanges(Random random, int max) {
        var changes = new ArrayList<ConfChangeSingle>();
        for (int i = random.nextInt(max); i >= 0; i--) {
            changes.add(random(random));
        }
        return changes;
    }

    private static Changed oneByOne(Changed from, List<ConfChangeSingle> changes)
            throws ConfChangeException {
        Changed now = from;
        for (ConfChangeSingle change : changes) {
            now = changer(now).simple(List.of(change));
        }
        return now;
    }

    @Test
    @DisplayName("P3 changes one by one and all at once lead to the same configuration")
    void p3SimpleAndJointAgree() throws ConfChangeException {
        var random = new Random(SEED);
        for (int round = 0; round < 1_000; round++) {
            var first = new ConfChangeSingle(ConfChangeType.ADD_NODE, 1);
            Changed start = oneByOne(changer(Changed.NOBODY).simple(List.of(first)),
                    randomChanges(random, 6));
            List<ConfChangeSingle> changes = randomChanges(random, 8);
            Changed simple = oneByOne(start, changes);
            boolean autoLeave = random.nextBoolean();
            Changed joint = changer(start).enterJoint(autoLeave, changes);
            assertThat(joint.config().autoLeave()).isEqualTo(autoLeave);
            Changed left = changer(joint).leaveJoint();
            assertThat(left.config()).as("seed %s round %s: %s", SEED, round, changes)
                    .isEqualTo(simple.config());
            assertThat(left.progress().ids()).isEqualTo(simple.progress().ids());
            assertRestored(simple);
            assertRestored(joint);
        }
    }

    private static void assertRestored(Changed changed) throws ConfChangeException {
        ConfState stored = changed.config().toConfState();
        assertThat(Changer.restore(stored, 10, 8, 0).config()).isEqualTo(changed.config());
    }

    @Test
    @DisplayName("P5 a change leaves a joint configuration if it is empty and automatic")
    void p5LeaveJoint() {
        var single = new ConfChangeSingle(ConfChangeType.ADD_NODE, 1);
        for (ConfChangeTransition transition : ConfChangeTransition.values()) {
            for (List<ConfChangeSingle> changes : List.of(List.<ConfChangeSingle>of(),
                    List.of(single), List.of(single, single))) {
                for (Bytes context : List.of(Bytes.EMPTY, Bytes.utf8("context"))) {
                    var change = new ConfChange.V2(transition, changes, context);
                    assertThat(ConfChangePath.of(change) == ConfChangePath.LEAVE_JOINT)
                            .isEqualTo(changes.isEmpty()
                                    && transition == ConfChangeTransition.AUTO);
                }
            }
        }
    }

    @Test
    @DisplayName("P6 configuration states are compared whatever the order of ids")
    void p6Equivalent() {
        var state = new ConfState(List.of(1L, 2L), List.of(3L), List.of(1L, 4L), List.of(4L),
                true);
        assertThat(state.isEquivalentTo(new ConfState(List.of(2L, 1L), List.of(3L),
                List.of(4L, 1L), List.of(4L), true))).isTrue();
        assertThat(state.isEquivalentTo(new ConfState(List.of(1L, 2L), List.of(3L),
                List.of(1L, 4L), List.of(4L), false))).isFalse();
        assertThat(state.isEquivalentTo(new ConfState(List.of(1L, 3L), List.of(2L),
                List.of(1L, 4L), List.of(4L), true))).isFalse();
        assertThat(ConfState.EMPTY.isEquivalentTo(ConfState.ofVoters(List.of()))).isTrue();
    }

    @Test
    @DisplayName("changes have raftpb's bytes and come back from them")
    void bytesOfChanges() {
        var add = new ConfChangeSingle(ConfChangeType.ADD_NODE, 2);
        var v1 = new ConfChange.V1(0, add, Bytes.EMPTY);
        assertThat(ConfChangeCodec.encode(v1).toByteArray()).containsExactly(8, 0, 16, 0, 24, 2);
        var remove = new ConfChangeSingle(ConfChangeType.REMOVE_NODE, -1);
        var v2 = new ConfChange.V2(ConfChangeTransition.JOINT_EXPLICIT, List.of(add, remove),
                Bytes.utf8("why"));
        assertThat(ConfChangeCodec.encode(v2).slice(0, 8).toByteArray()).containsExactly(8, 2, 18,
                4, 8, 0, 16, 2);
        for (ConfChange change : List.of(v1, v2,
                new ConfChange.V1(Long.MIN_VALUE, remove, Bytes.utf8("x")))) {
            assertThat(ConfChangeCodec.decode(change.entryType(), ConfChangeCodec.encode(change)))
                    .contains(change);
        }
        assertThat(ConfChangeCodec.decode(EntryType.CONF_CHANGE_V2, Bytes.EMPTY)).contains(
                new ConfChange.V2(ConfChangeTransition.AUTO, List.of(), Bytes.EMPTY));
    }

    @Test
    @DisplayName("bytes that are no change are refused without a throw")
    void hostileBytes() {
        for (byte[] bytes : new byte[][]{{8}, {8, -1}, {8, 9}, {18, 100}, {18, 2, 8, 7}, {11},
            {0, 0}, {16, 0, 18, -1, -1, -1, -1, 15}, {10, 1, 0}}) {
            assertThat(ConfChangeCodec.decode(EntryType.CONF_CHANGE_V2, Bytes.copyOf(bytes)))
                    .isEmpty();
        }
        var random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            for (EntryType type : EntryType.values()) {
                ConfChangeCodec.decode(type, Bytes.copyOf(bytes)).ifPresent(
                        change -> assertThat(ConfChangeCodec.decode(type,
                                ConfChangeCodec.encode(change))).contains(change));
            }
        }
    }
}
