// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.wal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What a segment file begins with. It is durable before the file gets its name, so that a file of that
 * name without it is damaged. Immutable.
 *
 * @param identity whose log it is
 * @param sequence the number of the segment, counted from 1
 * @param previousEnd where the last batch of the segment before ends; 0 in the first
 * @param firstBatch the number of the first batch in this segment
 * @param fileBytes the size of the file, which never changes
 */
record SegmentHeader(WalIdentity identity, long sequence, long previousEnd, long firstBatch,
        long fileBytes) {

    static final int BYTES = 64;
    static final int VERSION = 1;
    static final String SUFFIX = ".wal";
    private static final long MAGIC = 0x4a4e474457414c21L; // JNGDWAL!
    private static final int VERSION_AT = 8;
    private static final int CRC_AT = 12;
    private static final int FIELDS_AT = 16;

    static String fileName(long sequence) {
        return HexFormat.of().toHexDigits(sequence) + SUFFIX;
    }

    ByteBuffer encode() {
        ByteBuffer target = ByteBuffer.allocate(BYTES);
        target.putLong(MAGIC).putInt(VERSION).putInt(0);
        target.putLong(identity.clusterId()).putLong(identity.memberId());
        target.putLong(sequence).putLong(previousEnd).putLong(firstBatch)
                .putLong(fileBytes);
        return target.putInt(CRC_AT, checksum(target)).flip();
    }

    /** Reads the header of the segment that should be {@code sequence} of {@code identity}. */
    static SegmentHeader read(DiskFile file, Path path, WalIdentity identity, long sequence)
            throws IOException {
        ByteBuffer source = ByteBuffer.allocate(BYTES);
        if (file.read(source, 0) < BYTES || source.getLong(0) != MAGIC) {
            throw new WalCorruptException(path, 0, "a segment's first bytes were expected");
        }
        if (source.getInt(CRC_AT) != checksum(source)) {
            throw new WalCorruptException(path, CRC_AT, "the header's checksum does not match");
        }
        if (source.getInt(VERSION_AT) != VERSION) {
            throw new WalVersionException(path, VERSION, source.getInt(VERSION_AT));
        }
        source.position(FIELDS_AT);
        WalIdentity found = new WalIdentity(source.getLong(), source.getLong());
        if (!found.equals(identity)) {
            throw new WalIdentityException(path, identity, found);
        }
        SegmentHeader header = new SegmentHeader(found, source.getLong(), source.getLong(),
                source.getLong(), source.getLong());
        if (header.sequence() != sequence) {
            throw new WalCorruptException(path, FIELDS_AT,
                    "segment " + sequence + " was expected, found " + header.sequence());
        }
        if (file.bytes() != header.fileBytes()) {
            throw new WalCorruptException(path, Math.min(file.bytes(), header.fileBytes()),
                    "the file has " + file.bytes() + " bytes instead of " + header.fileBytes());
        }
        return header;
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().position(0).limit(CRC_AT));
        crc.update(header.duplicate().limit(BYTES).position(FIELDS_AT));
        return (int) crc.getValue();
    }
}
