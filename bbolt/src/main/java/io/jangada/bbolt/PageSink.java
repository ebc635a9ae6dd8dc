// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Writes pages one after the other, by way of a buffer. Owned by its writer. */
final class PageSink {
    static final int PAGE_BYTES = 4096;
    private static final int BUFFER_BYTES = 64 << 10;

    private final SeekableByteChannel file;
    private final ByteBuffer buffer = Format.allocate(BUFFER_BYTES);
    private long nextPage;

    /** Pages from {@code firstPage} on. */
    PageSink(SeekableByteChannel file, long firstPage) throws IOException {
        this.file = file;
        this.nextPage = firstPage;
        file.position(firstPage * PAGE_BYTES);
    }

    /** The page that the next {@link #write} begins. */
    long nextPage() {
        return nextPage;
    }

    /** Pages that {@code bytes} take. */
    static int pages(int bytes) {
        return Math.ceilDiv(bytes, PAGE_BYTES);
    }

    /** Writes {@code run}, filled up with zeros to whole pages; returns its first page. */
    long write(ByteBuffer run) throws IOException {
        long page = nextPage;
        nextPage += pages(run.remaining());
        int padding = Math.floorMod(-run.remaining(), PAGE_BYTES);
        while (run.hasRemaining()) {
            room();
            int part = Math.min(run.remaining(), buffer.remaining());
            buffer.put(run.slice(run.position(), part));
            run.position(run.position() + part);
        }
        for (int i = 0; i < padding; i++) {
            room();
            buffer.put((byte) 0);
        }
        return page;
    }

    private void room() throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
    }

    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }
}
