// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How the parts of a file are laid out (bbolt: page.go, db.go). Pure functions. */
final class Format {
    static final int MAGIC = 0xED0CDAED;
    static final int VERSION = 2;

    /** Of a page: id (8), flags (2), count (2), overflow (4). */
    static final int PAGE_HEADER_BYTES = 16;
    /** Of a leaf: flags, position, bytes of key, bytes of value (4 each); of a branch: position, bytes of key (4 each), page (8). */
    static final int ELEMENT_BYTES = 16;
    /** A bucket's row: its root page (8) and its sequence (8). */
    static final int BUCKET_BYTES = 16;
    /** From the magic number to the checksum. */
    static final int META_BYTES = 64;
    static final int META_CHECKED_BYTES = META_BYTES - Long.BYTES;

    static final int BRANCH = 1;
    static final int LEAF = 2;
    static final int META = 4;
    static final int FREELIST = 0x10;
    /** The flag of a leaf's element that is a bucket. */
    static final int BUCKET_ELEMENT = 1;

    static final int PAGE_BYTES_MIN = 512;
    static final int PAGE_BYTES_MAX = 64 << 10;
    /** The first page that is not a meta. */
    static final long FIRST_PAGE = 2;
    static final int KEY_BYTES_MAX = 32_768;
    /** A page with all that overflows from it. bbolt's own limit is 2 GiB. */
    static final int RUN_BYTES_MAX = 1 << 30;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Format() {}

    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** FNV-1a over what a meta's checksum covers; {@code meta} begins at the magic number. */
    static long checksum(ByteBuffer meta) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < META_CHECKED_BYTES; i++) {
            hash = (hash ^ (meta.get(meta.position() + i) & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** bbolt's order: bytes as unsigned numbers, a prefix first. */
    static int compare(ByteBuffer a, ByteBuffer b) {
        int mismatch = a.mismatch(b);
        if (mismatch < 0) {
            return 0;
        }
        if (mismatch >= Math.min(a.remaining(), b.remaining())) {
            return Integer.compare(a.remaining(), b.remaining());
        }
        return Byte.compareUnsigned(a.get(a.position() + mismatch),
                b.get(b.position() + mismatch));
    }
}
