// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a leader and a member that makes snapshots in its place say to each other: see {@link DelegatedSnapshots}. Each may be
 * lost; what a leader asks it asks again until it is answered. Immutable.
 */
sealed interface SnapshotNote {
    /** Members in one note: a group has far less. */
    int MEMBERS_MAX = 1_000;

    /** The group that it is about. */
    long group();

    /**
     * A leader wants a snapshot to be made.
     *
     * @param indexMin what it has to hold, at least
     * @param members who have to be members in it
     */
    record Make(long group, long indexMin, Set<Long> members) implements SnapshotNote {
        public Make {
            members = Set.copyOf(members);
        }
    }

    /**
     * A leader of {@code term} wants the snapshot {@code id} to be sent to {@code to} as its own.
     *
     * @param attempt counts what this leader wants to be sent: the same as before, because that was lost, is another attempt
     */
    record Send(long group, long to, long term, EntryId id,
            long attempt) implements SnapshotNote {}

    /**
     * How far that is.
     *
     * @param to whom the snapshot is sent to; 0 where it is made
     * @param id of the snapshot; {@link EntryId#ZERO} if there is none yet
     * @param attempt which one this is about; 0 where it is made
     */
    record Answer(long group, long to, Progress progress, EntryId id,
            long attempt) implements SnapshotNote {}

    /** How far what was asked for is. */
    enum Progress {
        /** It cannot be done here, or has failed. */
        FAILED,
        /** It is under way. */
        WORKING,
        /** It is made, or has arrived. */
        DONE
    }

    /** Its encoding; the first byte is none of {@link HostNote}'s. */
    default Bytes encode() {
        return switch (this) {
            case Make note -> {
                ByteBuffer target = ByteBuffer.allocate(21 + 8 * note.members.size());
                target.put((byte) 3).putLong(note.group).putLong(note.indexMin)
                        .putInt(note.members.size());
                new TreeSet<>(note.members).forEach(target::putLong);
                yield Bytes.copyOf(target.flip());
            }
            case Send note -> Bytes.copyOf(ByteBuffer.allocate(49).put((byte) 4)
                    .putLong(note.group).putLong(note.to).putLong(note.term)
                    .putLong(note.id.term()).putLong(note.id.index())
                    .putLong(note.attempt).flip());
            case Answer note -> Bytes.copyOf(ByteBuffer.allocate(42).put((byte) 5)
                    .putLong(note.group).putLong(note.to).put(code(note.progress))
                    .putLong(note.id.term()).putLong(note.id.index())
                    .putLong(note.attempt).flip());
        };
    }

    /** The note that {@code bytes} is; empty if it is none of these. */
    static Optional<SnapshotNote> decode(Bytes bytes) {
        ByteBuffer source = bytes.asByteBuffer();
        try {
            SnapshotNote note = switch (source.get()) {
                case 3 -> new Make(source.getLong(), source.getLong(), members(source));
                case 4 -> new Send(source.getLong(), source.getLong(), source.getLong(),
                        id(source), source.getLong());
                case 5 -> new Answer(source.getLong(), source.getLong(), progress(source),
                        id(source), source.getLong());
                default -> throw new BufferUnderflowException();
            };
            return source.hasRemaining() ? Optional.empty() : Optional.of(note);
        } catch (BufferUnderflowException malformed) {
            return Optional.empty();
        }
    }

    private static EntryId id(ByteBuffer source) {
        return new EntryId(source.getLong(), source.getLong());
    }

    private static byte code(Progress progress) {
        return switch (progress) {
            case FAILED -> 0;
            case WORKING -> 1;
            case DONE -> 2;
        };
    }

    private static Progress progress(ByteBuffer source) {
        return switch (source.get()) {
            case 0 -> Progress.FAILED;
            case 1 -> Progress.WORKING;
            case 2 -> Progress.DONE;
            default -> throw new BufferUnderflowException();
        };
    }

    private static Set<Long> members(ByteBuffer source) {
        int count = source.getInt();
        if (count < 0 || count > MEMBERS_MAX) {
            throw new BufferUnderflowException();
        }
        Set<Long> members = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            members.add(source.getLong());
        }
        return members;
    }
}
