// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file of buckets out of sorted rows, from its beginning to its end, and never looks back: pages
 * of 4096 bytes, as full as they get, without a free one. Needs memory for a few pages only.
 *
 * <p>The calls are {@link #bucket}, as many {@link #put}s as it has rows, the next bucket, and
 * {@link #finish}. Belongs to one thread. It does not close, and does not force, the file.
 */
public final class BoltWriter {
    private static final long FREELIST_PAGE = 2;
    private static final int METAS = 2;
    /** The largest value, in bytes; the smallest limit that a reader of such files has. */
    public static final int VALUE_BYTES_MAX = 1 << 29;

    private final SeekableByteChannel file;
    private final PageSink pages;
    private final Tree root;
    private @Nullable ByteBuffer bucket;
    private @Nullable Tree tree;
    private @Nullable ByteBuffer key;
    private boolean finished;

    /** Writes to {@code file}, which is empty. */
    public BoltWriter(SeekableByteChannel file) throws IOException {
        this.file = file;
        this.pages = new PageSink(file, FREELIST_PAGE + 1);
        this.root = new Tree(pages);
    }

    /**
     * Begins the bucket {@code name}.
     *
     * @param name ISO-8859-1; after that of the bucket before, in the order of its bytes
     * @throws IllegalArgumentException if it is not, or is empty or too long
     */
    public void bucket(String name) throws IOException {
        checkOpen();
        ByteBuffer next = ByteBuffer.wrap(name.getBytes(StandardCharsets.ISO_8859_1));
        check(next, bucket);
        endBucket();
        bucket = next;
        tree = new Tree(pages);
        key = null;
    }

    /**
     * Adds a row to the bucket.
     *
     * @param rowKey 1 to 32,768 bytes; after that of the row before, as unsigned bytes. It is copied
     * @param value at most {@link #VALUE_BYTES_MAX} bytes. It is copied
     * @throws IllegalArgumentException if one of them is not so
     * @throws IllegalStateException if there is no bucket
     */
    public void put(ByteBuffer rowKey, ByteBuffer value) throws IOException {
        checkOpen();
        Tree open = tree;
        if (open == null) {
            throw new IllegalStateException("a row outside of a bucket");
        }
        check(rowKey, key);
        if (value.remaining() > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("value of " + value.remaining()
                    + " bytes, at most " + VALUE_BYTES_MAX);
        }
        ByteBuffer copied = copy(rowKey);
        open.add(0, copied, copy(value));
        key = copied;
    }

    private static ByteBuffer copy(ByteBuffer from) {
        return ByteBuffer.allocate(from.remaining()).put(from.duplicate()).flip();
    }

    private static void check(ByteBuffer next, @Nullable ByteBuffer before) {
        if (!next.hasRemaining() || next.remaining() > Format.KEY_BYTES_MAX) {
            throw new IllegalArgumentException("key of " + next.remaining()
                    + " bytes, not in [1, " + Format.KEY_BYTES_MAX + "]");
        }
        if (before != null && Format.compare(before, next) >= 0) {
            throw new IllegalArgumentException("key of " + next.remaining()
                    + " bytes is not after the one before it");
        }
    }

    private void endBucket() throws IOException {
        if (bucket != null && tree != null) {
            ByteBuffer row = Format.allocate(Format.BUCKET_BYTES);
            row.putLong(tree.finish()).putLong(0).flip();
            root.add(Format.BUCKET_ELEMENT, bucket, row);
        }
    }

    /**
     * Writes what is left, and the pages that make it a file.
     *
     * @return the file's size in bytes, a multiple of 4096
     */
    public long finish() throws IOException {
        checkOpen();
        endBucket();
        finished = true;
        long rootPage = root.finish();
        pages.flush();
        ByteBuffer first = Format.allocate(
                Math.toIntExact((FREELIST_PAGE + 1) * PageSink.PAGE_BYTES));
        for (int id = 0; id < METAS; id++) {
            putMeta(first, id, rootPage);
        }
        first.position(Math.toIntExact(FREELIST_PAGE * PageSink.PAGE_BYTES));
        first.putLong(FREELIST_PAGE).putShort((short) Format.FREELIST);
        first.clear();
        file.position(0);
        while (first.hasRemaining()) {
            file.write(first);
        }
        return pages.nextPage() * PageSink.PAGE_BYTES;
    }

    /** The two metas are of the transactions 0 and 1, and name the same. */
    private void putMeta(ByteBuffer target, int id, long rootPage) {
        target.position(id * PageSink.PAGE_BYTES);
        target.putLong(id).putShort((short) Format.META)
                .position(id * PageSink.PAGE_BYTES + Format.PAGE_HEADER_BYTES);
        ByteBuffer meta = target.slice().order(target.order());
        meta.putInt(Format.MAGIC).putInt(Format.VERSION).putInt(PageSink.PAGE_BYTES).putInt(0)
                .putLong(rootPage).putLong(0).putLong(FREELIST_PAGE).putLong(pages.nextPage())
                .putLong(id);
        meta.putLong(Format.checksum(meta.duplicate().rewind()));
    }

    private void checkOpen() {
        if (finished) {
            throw new IllegalStateException("the file is finished");
        }
    }
}
