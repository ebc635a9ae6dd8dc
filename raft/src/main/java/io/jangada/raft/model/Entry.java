// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

import java.util.List;

/**
 * One entry of the log. Immutable.
 *
 * @param term the leader's term when it appended the entry; 0 in a proposal on its way to the leader
 * @param index the position in the log, counted from 1; 0 in a proposal on its way to the leader
 * @param type what {@code data} holds
 * @param data the command or the encoded change; may be empty
 */
public record Entry(long term, long index, EntryType type, Bytes data) {

    /** An entry without place in the log: what a proposal carries. */
    public static Entry proposed(EntryType type, Bytes data) {
        return new Entry(0, 0, type, data);
    }

    /** The term and index. */
    public EntryId id() {
        return new EntryId(term, index);
    }

    /** The size in bytes of the entry as a raftpb.Entry: what limits on messages count. */
    public int encodedBytes() {
        int bytes = 2; // The type: its tag and a number below 128 (proto2: written even when 0).
        bytes += 1 + varintBytes(term);
        bytes += 1 + varintBytes(index);
        if (!data.isEmpty()) {
            bytes += 1 + varintBytes(data.size()) + data.size();
        }
        return bytes;
    }

    /** The sum of {@link #encodedBytes()}. */
    public static long encodedBytes(List<Entry> entries) {
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).encodedBytes();
        }
        return bytes;
    }

    /** Seven bits a byte, at least one: bits / 7 rounded up, as bits * 9 / 64, which is right up to 64. */
    private static int varintBytes(long value) {
        return ((Long.SIZE - Long.numberOfLeadingZeros(value | 1)) * 9 + 64) >>> 6;
    }
}
