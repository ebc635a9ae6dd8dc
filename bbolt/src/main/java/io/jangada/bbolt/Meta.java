// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a meta page says. Immutable.
 *
 * @param pageBytes the size of a page
 * @param root the root bucket's root page
 * @param pages how many pages the file has, free ones included
 * @param transaction the one that wrote it; of two metas the later one counts
 */
record Meta(int pageBytes, long root, long pages, long transaction) {

    /** The meta in {@code page}, which begins at the page's header; empty if there is none that is sound. */
    static Optional<Meta> decode(ByteBuffer page) {
        ByteBuffer meta = page.slice(Format.PAGE_HEADER_BYTES, Format.META_BYTES)
                .order(page.order());
        int pageBytes = meta.getInt(8);
        boolean isSound = page.getShort(8) == Format.META && meta.getInt(0) == Format.MAGIC
                && meta.getInt(4) == Format.VERSION
                && meta.getLong(Format.META_CHECKED_BYTES) == Format.checksum(meta)
                && pageBytes >= Format.PAGE_BYTES_MIN && pageBytes <= Format.PAGE_BYTES_MAX
                && Integer.bitCount(pageBytes) == 1;
        return isSound
                ? Optional.of(new Meta(pageBytes, meta.getLong(16), meta.getLong(40),
                        meta.getLong(48)))
                : Optional.empty();
    }
}
