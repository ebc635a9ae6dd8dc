// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes the records of complete batches, in order, and hands them to their groups. For one thread. */
final class BatchReplay {
    private final Map<Long, GroupReplay> groups = new TreeMap<>();
    private final Map<Long, Long> indexMax = new TreeMap<>();
    private boolean inFirstBatch = true;

    /** The batch has ended; the first batch of the first segment says what is gone. */
    void endBatch() {
        inFirstBatch = false;
    }

    /** The largest index of each group since the last call: what the segment just read holds. */
    Map<Long, Long> takeIndexMax() {
        Map<Long, Long> taken = new TreeMap<>(indexMax);
        indexMax.clear();
        return taken;
    }

    List<WalRecovery.Group> finish(Path last, long end) throws WalCorruptException {
        List<WalRecovery.Group> found = new ArrayList<>();
        for (GroupReplay group : groups.values()) {
            found.add(group.finish(last, end));
        }
        return found;
    }

    /** Takes the record at {@code at}, which validated; false if its body is none of ours. */
    boolean record(ByteBuffer buffer, int at) {
        long groupId = buffer.getLong(at + RecordFormat.GROUP_AT);
        GroupReplay group = groups.computeIfAbsent(groupId, GroupReplay::new);
        long index = buffer.getLong(at + RecordFormat.INDEX_AT);
        EntryId id = new EntryId(buffer.getLong(at + RecordFormat.TERM_AT), index);
        ByteBuffer body = buffer.slice(at + RecordFormat.HEADER_BYTES,
                buffer.getInt(at + RecordFormat.BODY_BYTES_AT));
        return switch (buffer.get(at + RecordFormat.TYPE_AT)) {
            case RecordFormat.ENTRY -> {
                indexMax.merge(groupId, index, Math::max);
                yield entry(group, id, buffer.get(at + RecordFormat.ENTRY_TYPE_AT), body);
            }
            case RecordFormat.HARD_STATE -> hardState(group, id, body);
            case RecordFormat.MARK -> mark(group, id, body);
            case RecordFormat.RESET -> {
                group.reset();
                yield true;
            }
            default -> false;
        };
    }

    private static boolean entry(GroupReplay group, EntryId id, byte code, ByteBuffer body) {
        Optional<EntryType> type = RecordFormat.entryType(code);
        type.ifPresent(known -> group.entry(
                new Entry(id.term(), id.index(), known, Bytes.copyOf(body))));
        return type.isPresent();
    }

    private boolean hardState(GroupReplay group, EntryId termAndCommit, ByteBuffer body) {
        if (body.remaining() != 2 * Long.BYTES) {
            return false;
        }
        group.hardState(
                new HardState(termAndCommit.term(), body.getLong(0), termAndCommit.index()));
        if (inFirstBatch) {
            group.purgedTo(body.getLong(Long.BYTES));
        }
        return true;
    }

    private static boolean mark(GroupReplay group, EntryId id, ByteBuffer body) {
        Optional<ConfState> confState = ConfStateCodec.decode(body);
        confState.ifPresent(members -> group.mark(new SnapshotMark(id, members)));
        return confState.isPresent();
    }
}
