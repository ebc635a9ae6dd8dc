// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A state machine's state at one index, which does not change any more. Used by one background thread,
 * which may block; closed by it in the end.
 */
public interface StateSnapshot extends AutoCloseable {

    /** The last entry whose effects it includes, and the membership there. */
    AppliedState at();

    /**
     * Makes everything up to {@link #at} durable in the machine's own storage.
     *
     * @return false if the machine has no storage of its own: a file is written instead
     */
    boolean persist() throws IOException;

    /** Writes the state; {@link StateMachine#restore} reads it. */
    void writeTo(OutputStream out) throws IOException;

    /** Lets go of it. */
    @Override
    void close();
}
