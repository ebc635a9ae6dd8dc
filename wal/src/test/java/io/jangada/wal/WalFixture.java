// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import io.jangada.wal.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the tests of the log share. */
final class WalFixture {
    static final Path DIRECTORY = Path.of("data", "wal");
    static final WalIdentity IDENTITY = new WalIdentity(0xc1, 0x1);
    static final WalConfig CONFIG = new WalConfig(4096, 1 << 16, 1 << 20);

    private WalFixture() {}

    static WalRecovery open(Disk disk) throws IOException {
        return Wal.open(disk, DIRECTORY, CONFIG, IDENTITY);
    }

    static Path segment(long sequence) {
        return DIRECTORY.resolve(SegmentHeader.fileName(sequence));
    }

    static Entry entry(long term, long index, int dataBytes) {
        byte[] data = new byte[dataBytes];
        for (int i = 0; i < dataBytes; i++) {
            data[i] = (byte) (index * 31 + term * 7 + i);
        }
        return new Entry(term, index, EntryType.NORMAL, Bytes.wrap(data));
    }

    static List<Entry> entries(long term, long first, long last, int dataBytes) {
        List<Entry> entries = new ArrayList<>();
        for (long index = first; index <= last; index++) {
            entries.add(entry(term, index, dataBytes));
        }
        return entries;
    }
}
