// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.util.zip.CRC32C;

/**
 * Tells the content of a snapshot file from that of others: the header's checksum, and a checksum over the
 * checksums of all chunks in their order. Two members, or one member twice, may write different files for
 * the same entry; equal ids mean equal bytes. For one thread.
 */
final class SnapshotContent {
    private final CRC32C chunks = new CRC32C();
    private int headerChecksum;

    void header(int checksum) {
        headerChecksum = checksum;
        chunks.reset();
    }

    void chunk(int checksum) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            chunks.update(checksum >>> shift & 0xff);
        }
    }

    long id() {
        return (long) headerChecksum << Integer.SIZE | chunks.getValue();
    }
}
