// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.Closeable;
import java.io.IOException;

/** The exclusive right to a directory. Closing gives it up; closing again does nothing. */
public interface DirectoryLock extends Closeable {
    @Override
    void close() throws IOException;
}
