// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Network;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Notes survive their encoding; whatever else comes is refused, never an exception. */
class SnapshotNoteTest {
    private static final List<SnapshotNote> NOTES = List.of(
            new SnapshotNote.Make(1, 20, Set.of(1L, 2L, -3L)),
            new SnapshotNote.Send(1, 4, 7, new EntryId(6, 21), 3),
            new SnapshotNote.Answer(1, 4, SnapshotNote.Progress.DONE, new EntryId(6, 21), 3),
            new SnapshotNote.Answer(1, 0, SnapshotNote.Progress.FAILED, EntryId.ZERO, 0));

    @Test
    void notesSurviveTheirEncoding() {
        for (SnapshotNote note : NOTES) {
            assertThat(SnapshotNote.decode(note.encode())).contains(note);
            assertThat(HostNote.decode(note.encode())).isEmpty();
        }
    }

    @Test
    void theLargestNoteFits() {
        Set<Long> members = new TreeSet<>();
        for (long id = 1; id <= SnapshotNote.MEMBERS_MAX; id++) {
            members.add(id);
        }
        SnapshotNote note = new SnapshotNote.Make(1, 2, members);
        assertThat(note.encode().size()).isLessThanOrEqualTo(Network.NOTE_BYTES_MAX);
        assertThat(SnapshotNote.decode(note.encode())).contains(note);
        members.add(0L);
        assertThat(SnapshotNote.decode(new SnapshotNote.Make(1, 2, members).encode())).isEmpty();
    }

    @Test
    void cutOrChangedBytesAreNoException() {
        SplittableRandom random = new SplittableRandom(7);
        for (SnapshotNote note : NOTES) {
            byte[] bytes = note.encode().toByteArray();
            for (int length = 0; length < bytes.length; length++) {
                assertThat(SnapshotNote.decode(Bytes.copyOf(Arrays.copyOf(bytes, length))))
                        .isEmpty();
            }
            for (int i = 0; i < 2_000; i++) {
                byte[] changed = bytes.clone();
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                var ignored = SnapshotNote.decode(Bytes.copyOf(changed));
            }
        }
    }
}
