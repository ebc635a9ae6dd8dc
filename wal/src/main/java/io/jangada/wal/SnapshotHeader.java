// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.wal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What a snapshot file begins with: magic, format version, size, checksum of the header, whose it is,
 * which entry it ends with, and the membership there. Immutable.
 *
 * @param writer the cluster, and the member that made the file, which need not be the one that has it
 */
record SnapshotHeader(WalIdentity writer, long group, EntryId id, ConfState confState) {

    static final int VERSION = 1;
    static final int FIXED_BYTES = 60;
    static final int BYTES_MAX = 1 << 20;
    private static final long MAGIC = 0x4a4e4744534e4150L; // JNGDSNAP
    private static final int CRC_AT = 16;

    ByteBuffer encode() {
        int bytes = FIXED_BYTES + ConfStateCodec.bytes(confState);
        if (bytes > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "membership of " + bytes + " bytes, above " + BYTES_MAX);
        }
        ByteBuffer target = ByteBuffer.allocate(bytes);
        target.putLong(MAGIC).putInt(VERSION).putInt(bytes).putInt(0);
        target.putLong(writer.clusterId()).putLong(writer.memberId()).putLong(group);
        target.putLong(id.term()).putLong(id.index());
        ConfStateCodec.encode(confState, target);
        target.putInt(CRC_AT, checksum(target, bytes));
        return target.flip();
    }

    /** The header's size as stored, by its first bytes. */
    static int bytes(ByteBuffer fixed, Path path) throws IOException {
        checkMagic(fixed, path);
        checkVersion(fixed, path);
        return size(fixed, path);
    }

    private static void checkMagic(ByteBuffer fixed, Path path) throws SnapshotDamagedException {
        if (fixed.remaining() < FIXED_BYTES || fixed.getLong(0) != MAGIC) {
            throw new SnapshotDamagedException(path, 0, "this is not a snapshot file");
        }
    }

    private static void checkVersion(ByteBuffer fixed, Path path) throws WalVersionException {
        if (fixed.getInt(8) != VERSION) {
            throw new WalVersionException(path, VERSION, fixed.getInt(8));
        }
    }

    private static int size(ByteBuffer fixed, Path path) throws SnapshotDamagedException {
        int bytes = fixed.getInt(12);
        if (bytes < FIXED_BYTES || bytes > BYTES_MAX) {
            throw new SnapshotDamagedException(path, 12, "a header of " + bytes + " bytes");
        }
        return bytes;
    }

    static SnapshotHeader read(DiskFile file, Path path) throws IOException {
        ByteBuffer fixed = ByteBuffer.allocate(FIXED_BYTES);
        file.read(fixed, 0);
        checkMagic(fixed.flip(), path);
        int bytes = size(fixed, path);
        ByteBuffer whole = ByteBuffer.allocate(bytes);
        if (file.read(whole, 0) < bytes) {
            throw new SnapshotDamagedException(path, file.bytes(), "the header is cut off");
        }
        whole.flip();
        if (!isIntact(whole)) {
            throw new SnapshotDamagedException(path, CRC_AT,
                    "the header's checksum does not match");
        }
        checkVersion(whole, path);
        whole.position(CRC_AT + Integer.BYTES);
        WalIdentity writer = new WalIdentity(whole.getLong(), whole.getLong());
        long group = whole.getLong();
        EntryId id = new EntryId(whole.getLong(), whole.getLong());
        ConfState confState = ConfStateCodec.decode(whole).orElseThrow(
                () -> new SnapshotDamagedException(path, FIXED_BYTES,
                        "no membership is stored here"));
        return new SnapshotHeader(writer, group, id, confState);
    }

    /** Whether {@code whole}, a header and nothing else, has the checksum that it says. */
    static boolean isIntact(ByteBuffer whole) {
        return whole.getInt(CRC_AT) == checksum(whole, whole.limit());
    }

    /** The checksum of an encoded header, which the chunks' checksums include. */
    static int checksum(ByteBuffer whole) {
        return whole.getInt(CRC_AT);
    }

    int encodedBytes() {
        return FIXED_BYTES + ConfStateCodec.bytes(confState);
    }

    private static int checksum(ByteBuffer whole, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(whole.duplicate().position(0).limit(CRC_AT));
        crc.update(whole.duplicate().limit(bytes).position(CRC_AT + Integer.BYTES));
        return (int) crc.getValue();
    }
}
