// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB says to a writer, and what becomes of it. */
final class DiskRoomTest {
    private static final Status NO_SPACE = new Status(Status.Code.IOError, Status.SubCode.NoSpace,
            "");
    private static final Status STALL = new Status(Status.Code.Incomplete, Status.SubCode.None,
            "");

    private final List<Boolean> heard = new ArrayList<>();
    private final List<Boolean> attempts = new ArrayList<>();
    private final Queue<Status> answers = new ArrayDeque<>();
    private boolean isShort;
    private final DiskRoom room = new DiskRoom(heard::add, 1, () -> isShort);

    private void write() throws RocksDBException {
        room.await(mayBeHeldUp -> {
            attempts.add(mayBeHeldUp);
            Status answer = answers.poll();
            if (answer != null) {
                throw new RocksDBException(answer);
            }
        });
    }

    @Test
    void whatIsTakenAtOnceIsNoNews() throws Exception {
        write();
        assertThat(attempts).containsExactly(false);
        assertThat(heard).isEmpty();
    }

    @Test
    void withoutRoomItIsAttemptedAgain() throws Exception {
        answers.addAll(List.of(NO_SPACE, NO_SPACE));
        write();
        assertThat(attempts).containsExactly(false, false, false);
        assertThat(heard).containsExactly(true, false);
    }

    /** Its memory is full for a moment: no matter of the disk. */
    @Test
    void whereThereIsRoomItIsHeldUpByTheDatabase() throws Exception {
        answers.add(STALL);
        write();
        assertThat(attempts).containsExactly(false, true);
        assertThat(heard).isEmpty();
    }

    @Test
    void whereTheDiskIsShortItIsNotHeldUpUntold() throws Exception {
        isShort = true;
        answers.addAll(List.of(STALL, STALL, NO_SPACE, STALL));
        write();
        assertThat(attempts).containsExactly(false, false, false, false, false);
        assertThat(heard).containsExactly(true, false);
    }

    /** RocksDB may not go on when there is room again; a start makes the state anew from the log. */
    @Test
    void withRoomItIsNotAttemptedForEver() {
        for (int i = 0; i <= DiskRoom.ATTEMPTS_WITH_ROOM_MAX; i++) {
            answers.add(NO_SPACE);
        }
        assertThatThrownBy(this::write).isInstanceOf(RocksDBException.class);
        assertThat(attempts).hasSize(DiskRoom.ATTEMPTS_WITH_ROOM_MAX + 1);
        assertThat(heard).containsExactly(true, false);
    }

    @Test
    void anythingElseIsThrown() {
        answers.add(new Status(Status.Code.Corruption, Status.SubCode.None, ""));
        assertThatThrownBy(this::write).isInstanceOf(RocksDBException.class);
        assertThat(heard).isEmpty();
    }
}
