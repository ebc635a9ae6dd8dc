// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;

/** A position among the rows of a table, in ascending unsigned order of keys. One thread's. */
public interface Cursor extends AutoCloseable {
    /** Whether there is a row here; the other accessors may be called only then. */
    boolean isValid();

    /** Moves to the next row. Only when valid. */
    void next();

    /** Moves to the first row within the cursor's bounds whose key is at least {@code key}. */
    void seek(ByteString key);

    /** The key here. Only when valid. */
    ByteString key();

    /** The value here. Only when valid. */
    ByteString value();

    /** The first bytes of the value here, at most {@code bytesMax}: cheaper, where values are long. Only when valid. */
    default ByteString valueHead(int bytesMax) {
        ByteString value = value();
        return value.substring(0, Math.min(bytesMax, value.size()));
    }

    @Override
    void close();
}
