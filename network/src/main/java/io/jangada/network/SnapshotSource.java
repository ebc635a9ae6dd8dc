// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The state that a snapshot stands for, as bytes to be sent. Read by one thread at a time, which may
 * block.
 */
public interface SnapshotSource extends AutoCloseable {

    /** How many bytes there are. Does not change. */
    long totalBytes();

    /**
     * Tells this content from others: sources of one group with the same snapshot id, size and content id
     * have the same bytes, so that a transfer may begin with the one and go on with the other.
     */
    long contentId();

    /**
     * Fills {@code target}, or as much of it as there is from {@code position} on.
     *
     * @param position from where to read, counted in bytes from 0
     * @throws IOException if the state cannot be read or is damaged: the transfer ends
     */
    void read(long position, ByteBuffer target) throws IOException;

    /** Lets go of the state. Called once. */
    @Override
    void close();
}
