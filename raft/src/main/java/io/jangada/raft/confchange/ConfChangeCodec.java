// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.EntryType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a change in an entry: raftpb's ConfChange and ConfChangeV2, with the bytes that etcd
 * writes (proto2: numbers are written even when 0). Thread-safe: has no state.
 */
public final class ConfChangeCodec {
    // A value's position is its number in raftpb.
    private static final List<ConfChangeType> TYPES = List.of(ConfChangeType.values());
    private static final List<ConfChangeTransition> TRANSITIONS = List
            .of(ConfChangeTransition.values());

    private ConfChangeCodec() {}

    /** The data of an entry of {@link ConfChange#entryType()}. */
    public static Bytes encode(ConfChange change) {
        return switch (change) {
            case ConfChange.V1 v1 -> encodeV1(v1);
            case ConfChange.V2 v2 -> encodeV2(v2);
        };
    }

    private static Bytes encodeV1(ConfChange.V1 change) {
        var out = new ByteArrayOutputStream(32);
        writeNumber(out, 1, change.id());
        writeNumber(out, 2, TYPES.indexOf(change.change().type()));
        writeNumber(out, 3, change.change().nodeId());
        writeBytes(out, 4, change.context());
        return Bytes.wrap(out.toByteArray());
    }

    private static Bytes encodeV2(ConfChange.V2 change) {
        var out = new ByteArrayOutputStream(64);
        writeNumber(out, 1, TRANSITIONS.indexOf(change.transition()));
        for (ConfChangeSingle single : change.changes()) {
            var inner = new ByteArrayOutputStream(16);
            writeNumber(inner, 1, TYPES.indexOf(single.type()));
            writeNumber(inner, 2, single.nodeId());
            writeBytes(out, 2, Bytes.wrap(inner.toByteArray()));
        }
        writeBytes(out, 3, change.context());
        return Bytes.wrap(out.toByteArray());
    }

    private static void writeNumber(ByteArrayOutputStream out, int field, long value) {
        out.write(field << 3);
        writeVarint(out, value);
    }

    private static void writeBytes(ByteArrayOutputStream out, int field, Bytes value) {
        if (!value.isEmpty()) {
            out.write((field << 3) | 2);
            writeVarint(out, value.size());
            out.writeBytes(value.toByteArray());
        }
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /**
     * The change in the data of an entry of {@code type}; empty if the bytes are none, which never
     * throws, and for a normal entry. Fields that are unknown are skipped. No data at all is the
     * change that leaves a joint configuration, as a leader logs it.
     */
    public static Optional<ConfChange> decode(EntryType type, Bytes data) {
        return switch (type) {
            case NORMAL -> Optional.empty();
            case CONF_CHANGE -> decodeV1(new FieldReader(data));
            case CONF_CHANGE_V2 -> decodeV2(new FieldReader(data));
        };
    }

    private static Optional<ConfChange> decodeV1(FieldReader in) {
        long id = 0;
        long type = 0;
        long nodeId = 0;
        Bytes context = Bytes.EMPTY;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> id = in.number();
                case 2 -> type = in.number();
                case 3 -> nodeId = in.number();
                case 4 -> context = in.bytes();
                default -> in.skip();
            }
        }
        return in.isMalformed() || !isOrdinal(type, TYPES)
                ? Optional.empty()
                : Optional.of(new ConfChange.V1(id, single(type, nodeId), context));
    }

    private static Optional<ConfChange> decodeV2(FieldReader in) {
        long transition = 0;
        List<ConfChangeSingle> changes = new ArrayList<>();
        Bytes context = Bytes.EMPTY;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> transition = in.number();
                case 2 -> {
                    Optional<ConfChangeSingle> single = decodeSingle(new FieldReader(in.bytes()));
                    if (single.isEmpty()) {
                        return Optional.empty();
                    }
                    changes.add(single.get());
                }
                case 3 -> context = in.bytes();
                default -> in.skip();
            }
        }
        return in.isMalformed() || !isOrdinal(transition, TRANSITIONS)
                ? Optional.empty()
                : Optional.of(new ConfChange.V2(TRANSITIONS.get((int) transition), changes,
                        context));
    }

    private static Optional<ConfChangeSingle> decodeSingle(FieldReader in) {
        long type = 0;
        long nodeId = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 2 -> nodeId = in.number();
                default -> in.skip();
            }
        }
        return in.isMalformed() || !isOrdinal(type, TYPES)
                ? Optional.empty()
                : Optional.of(single(type, nodeId));
    }

    private static ConfChangeSingle single(long type, long nodeId) {
        return new ConfChangeSingle(TYPES.get((int) type), nodeId);
    }

    private static boolean isOrdinal(long number, List<?> values) {
        return number >= 0 && number < values.size();
    }
}
