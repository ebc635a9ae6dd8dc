// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import io.jangada.bbolt.BoltVisitor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Counts and hashes what it is told. */
final class StatusVisitor implements BoltVisitor {
    private final CRC32C hash = new CRC32C();
    private String current = "";
    private long revision;
    private long rows;

    @Override
    public void bucket(String name) {
        current = name;
        hash.update(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void row(ByteBuffer key, ByteBuffer value) {
        hash.update(key.duplicate());
        hash.update(value.duplicate());
        rows++;
        if (current.equals(Buckets.KEY) && key.remaining() >= Long.BYTES) {
            revision = key.getLong(key.position());
        }
    }

    SnapshotStatus status(long bytes) {
        return new SnapshotStatus(hash.getValue(), revision, rows, bytes);
    }
}
