// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import java.nio.ByteBuffer;

/** What is said on a {@link Connection}. Called on its event loop only. */
interface Conversation {

    /**
     * A frame came whose CRC is right.
     *
     * @param body valid during this call only
     * @throws ProtocolException if it is out of place: the connection is closed
     */
    void frame(FrameKind kind, long group, ByteBuffer body) throws ProtocolException;

    /** Nothing came for as long as was set by {@link Connection#watch}. */
    void idle();

    /** What was written has gone out far enough for more. */
    void writable();

    /** The connection is gone. Called once, and last. */
    void closed(String reason);
}
