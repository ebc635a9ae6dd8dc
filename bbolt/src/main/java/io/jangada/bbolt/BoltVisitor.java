// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Who is told what a file holds, in its order. An exception ends the reading, and goes to the reader's caller. */
public interface BoltVisitor {
    /** The rows that follow, of which there may be none, are of the bucket {@code name}: ISO-8859-1. */
    void bucket(String name) throws IOException;

    /**
     * A row, after the others of its bucket in the order of unsigned bytes.
     *
     * @param key read-only, and valid only during the call; 1 byte or more
     * @param value read-only, and valid only during the call
     */
    void row(ByteBuffer key, ByteBuffer value) throws IOException;
}
