// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;
import java.util.Optional;

/** Read access to one consistent state of all tables. */
public interface BackendReader {
    /** The value of {@code key} in {@code table}, or empty. */
    Optional<ByteString> get(Table table, ByteString key);

    /**
     * A cursor over the rows of {@code table} in [from, to), at the first of them. An empty
     * {@code to} means no upper bound. Must be closed before its reader is.
     */
    Cursor cursor(Table table, ByteString from, ByteString to);
}
