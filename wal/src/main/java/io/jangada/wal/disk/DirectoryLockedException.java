// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another user in this process, has the directory. */
public final class DirectoryLockedException extends IOException {
    private static final long serialVersionUID = 1;

    /** About {@code directory}. */
    public DirectoryLockedException(Path directory) {
        super("directory " + directory + " is in use by another member: stop that one, or give this"
                + " one a directory of its own");
    }
}
