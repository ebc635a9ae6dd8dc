// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Bytes;
import java.io.IOException;

/**
 * Where a snapshot from a peer goes. Called by one thread at a time, which may block. Exactly one of
 * {@link #complete} and {@link #abort} is called in the end, unless complete throws: abort follows.
 */
public interface SnapshotSink {

    /**
     * How much there is already, verified, of an earlier transfer of the same content; called once, before
     * all else. Parts begin there.
     */
    long position();

    /**
     * The next part; parts come in order and without gaps.
     *
     * @param position where it belongs, counted in bytes from 0
     * @throws IOException if it cannot be written, or is seen to be damaged: the transfer ends
     */
    void write(long position, Bytes part) throws IOException;

    /**
     * All parts are written: makes them durable and hands them over.
     *
     * @return whether the snapshot was accepted
     * @throws IOException if it cannot be made durable or is damaged
     */
    boolean complete() throws IOException;

    /** The rest will not come now: keeps what is good for a later transfer, or lets go of it. */
    void abort();
}
