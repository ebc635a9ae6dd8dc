// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.HostPort;
import io.jangada.network.Network;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Notes and records survive their encoding; whatever else comes is refused, never an exception. */
class HostNoteTest {
    private static final HostNote INTRODUCTION = new HostNote.Introduction(new Incarnation(3, -9),
            HostNote.NOBODY, new HostNote.Asked(Set.of(4L, 7L), true),
            Map.of(1L, new EntryId(2, 3), 4L, new EntryId(5, 6)),
            Map.of(4L, new MemberRecord.Forgotten(8, true)),
            List.of(new HostPort("::1", 2380), new HostPort("peer.example", 1)));
    private static final HostNote ANSWER = new HostNote.Answer(new Incarnation(3, 9), true,
            Map.of(1L, new EntryId(7, 8)), Map.of(1L, true));
    private static final MemberRecord RECORD = MemberRecord.blank(1, 2).started(5).started(6)
            .withPeer(3, new Incarnation(4, 5))
            .withForgotten(7, new MemberRecord.Forgotten(8, false));

    @Test
    void notesSurviveTheirEncoding() {
        assertThat(HostNote.decode(INTRODUCTION.encode())).contains(INTRODUCTION);
        assertThat(HostNote.decode(ANSWER.encode())).contains(ANSWER);
    }

    @Test
    void theLargestNoteFits() {
        Map<Long, EntryId> ids = new HashMap<>();
        Map<Long, MemberRecord.Forgotten> losses = new HashMap<>();
        for (long group = 0; group < HostNote.GROUPS_MAX; group++) {
            ids.put(group, new EntryId(1, 1));
            if (group < MemberRecord.FORGOTTEN_MAX) {
                losses.put(group, new MemberRecord.Forgotten(1, true));
            }
        }
        HostNote note = new HostNote.Introduction(HostNote.NOBODY, HostNote.NOBODY,
                HostNote.Asked.about(ids.keySet()), ids, losses,
                List.of(new HostPort("h".repeat(255), 65_535)));
        assertThat(note.encode().size()).isLessThanOrEqualTo(Network.NOTE_BYTES_MAX);
        assertThat(HostNote.decode(note.encode())).contains(note);
    }

    @Test
    void ofMoreGroupsThanFitNoneCountsAsSettled() {
        Set<Long> groups = new TreeSet<>();
        for (long group = 1; group <= HostNote.GROUPS_MAX + 1; group++) {
            groups.add(group);
        }
        HostNote.Asked some = HostNote.Asked.about(groups);
        assertThat(some.groups()).hasSize(HostNote.GROUPS_MAX);
        assertThat(some.concerns(HostNote.GROUPS_MAX + 1)).isTrue();
        groups.remove(1L);
        HostNote.Asked all = HostNote.Asked.about(groups);
        assertThat(all.groups()).isEqualTo(groups);
        assertThat(all.concerns(1)).isFalse();
    }

    @Test
    void aGroupIsSettledOnceItIsToldOfAndNotAskedAbout() {
        HostNote.Introduction note = new HostNote.Introduction(new Incarnation(3, 4),
                HostNote.NOBODY, HostNote.Asked.about(Set.of(2L)),
                Map.of(1L, EntryId.ZERO, 2L, EntryId.ZERO), Map.of(), List.of());
        assertThat(note.isSettled(1)).isTrue();
        assertThat(note.isSettled(2)).isFalse();
        assertThat(note.isSettled(3)).isFalse();
    }

    @Test
    void anythingElseIsNoNote() {
        SplittableRandom random = new SplittableRandom(7);
        for (HostNote note : new HostNote[]{INTRODUCTION, ANSWER}) {
            byte[] sound = note.encode().toByteArray();
            for (int size = 0; size < sound.length; size++) {
                assertThat(HostNote.decode(Bytes.copyOf(sound).slice(0, size))).isEmpty();
            }
            for (int i = 0; i < 20_000; i++) {
                byte[] mutated = sound.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                Optional<HostNote> ignored = HostNote.decode(Bytes.wrap(mutated));
            }
        }
    }

    @Test
    void recordsSurviveTheirEncodingAndNothingElseIsOne() {
        assertThat(MemberRecord.decode(RECORD.encode())).contains(RECORD);
        byte[] sound = RECORD.encode().toByteArray();
        for (int size = 0; size < sound.length; size++) {
            assertThat(MemberRecord.decode(Bytes.copyOf(sound).slice(0, size))).isEmpty();
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = sound.clone();
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            Optional<MemberRecord> ignored = MemberRecord.decode(Bytes.wrap(mutated));
        }
    }

    @Test
    void aRecordRemembersItsRunsAndTakesVeryOldOnesForIts() {
        MemberRecord record = MemberRecord.blank(1, 2);
        for (long nonce = 1; nonce <= 300; nonce++) {
            record = record.started(1000 + nonce);
        }
        assertThat(record.incarnation()).isEqualTo(new Incarnation(300, 1300));
        assertThat(record.remembers(new Incarnation(300, 1300))).isTrue();
        assertThat(record.remembers(new Incarnation(45, 1045))).isTrue();
        assertThat(record.remembers(new Incarnation(45, 1))).isFalse();
        assertThat(record.remembers(new Incarnation(44, 1))).isTrue();
        assertThat(record.remembers(new Incarnation(301, 1301))).isFalse();
        assertThat(MemberRecord.blank(1, 2).started(1).remembers(new Incarnation(0, 0)))
                .isFalse();
    }

    @Test
    void aRecordHoldsSoManyPeersAndLossesAndNoMore() {
        MemberRecord record = MemberRecord.blank(1, 2).started(1);
        for (long i = 1; i <= MemberRecord.PEERS_MAX; i++) {
            record = record.withPeer(i, new Incarnation(i, i));
        }
        long beyond = MemberRecord.PEERS_MAX + 1;
        assertThat(record.withPeer(beyond, new Incarnation(1, 1)).peers())
                .isEqualTo(record.peers()).hasSize(MemberRecord.PEERS_MAX);
        for (long i = 1; i <= MemberRecord.FORGOTTEN_MAX; i++) {
            record = record.withForgotten(i, new MemberRecord.Forgotten(i, true));
        }
        MemberRecord full = record;
        assertThatThrownBy(
                () -> full.withForgotten(beyond, new MemberRecord.Forgotten(1, true)))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("513");
    }

    private static MemberRecord.LostRun lost(long number) {
        return new MemberRecord.LostRun(1, new Incarnation(number, -number));
    }

    @Test
    void aRecordRemembersTheLastLostRuns() {
        MemberRecord record = MemberRecord.blank(1, 2).started(1);
        for (long i = 0; i <= MemberRecord.LOST_MAX; i++) {
            record = record.withLost(lost(i));
        }
        assertThat(record.lost()).hasSize(MemberRecord.LOST_MAX).doesNotContain(lost(0))
                .contains(lost(1)).last().isEqualTo(lost(MemberRecord.LOST_MAX));
    }

    /** Format 1 ends before the lost runs; its first byte is the format. */
    @Test
    void aRecordOfTheFirstFormatIsRead() {
        MemberRecord record = MemberRecord.blank(1, 2).started(3)
                .withPeer(4, new Incarnation(5, 6))
                .withForgotten(7, new MemberRecord.Forgotten(8, true));
        byte[] second = record.encode().toByteArray();
        byte[] first = Arrays.copyOf(second, second.length - Integer.BYTES);
        first[0] = 1;
        assertThat(MemberRecord.decode(Bytes.wrap(first))).contains(record);
        second[0] = 3;
        assertThat(MemberRecord.decode(Bytes.wrap(second))).isEmpty();
    }

    @Test
    void theLargestRecordFitsItsSlot() {
        MemberRecord record = MemberRecord.blank(1, 2);
        for (long i = 0; i < 600; i++) {
            record = record.started(i).withPeer(i, new Incarnation(i, i));
            if (i < MemberRecord.FORGOTTEN_MAX) {
                record = record.withForgotten(i, new MemberRecord.Forgotten(i, true));
            }
            record = record.withLost(lost(i));
        }
        assertThat(record.encode().size()).isLessThan(MemberRecord.SLOT_BYTES - 20);
        assertThat(MemberRecord.decode(record.encode())).contains(record);
    }
}
