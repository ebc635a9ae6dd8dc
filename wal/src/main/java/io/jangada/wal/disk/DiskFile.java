// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file, read and written by position. Belongs to one thread at a time; reads may run beside
 * each other.
 */
public interface DiskFile extends Closeable {

    /** The size in bytes. */
    long bytes() throws IOException;

    /**
     * Reads into {@code target} from {@code position} on, until it is full or the file ends.
     *
     * @return how many bytes were read; fewer than asked for only at the end of the file
     */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Writes all that remains in {@code source} from {@code position} on; not durable yet.
     *
     * @throws DiskFullException if there is no room; a part may have been written
     */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Grows the file to {@code bytes} with zeros that occupy real blocks, so that writing over them
     * changes no metadata; does nothing if the file has that size already. Not durable yet.
     *
     * @throws DiskFullException if there is no room
     */
    void preallocate(long bytes) throws IOException;

    /**
     * Makes all that was written to this file durable. After a failure what was written since the last
     * success is of unknown fate, and a later success says nothing about it.
     */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
