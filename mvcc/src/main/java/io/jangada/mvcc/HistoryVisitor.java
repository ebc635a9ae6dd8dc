// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import java.io.IOException;

/** Told of a store's changes, oldest first. An exception ends the telling, and goes to its caller. */
@FunctionalInterface
public interface HistoryVisitor {
    /**
     * A change that history holds.
     *
     * @param revision where it stands, as etcd writes it: big-endian main, '_', big-endian sub, and 't' for a
     *     tombstone
     * @param keyValue the encoded {@link KeyValue} put; of a tombstone one with the key alone
     */
    void change(ByteString revision, ByteString keyValue) throws IOException;
}
