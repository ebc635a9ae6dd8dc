// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.io.IOException;
import java.nio.file.Path;

/** A snapshot file that is not what its writer wrote, or not whole. */
public final class SnapshotDamagedException extends IOException {
    private static final long serialVersionUID = 1;

    SnapshotDamagedException(Path file, long offset, String found) {
        super("snapshot file " + file + " is damaged at byte " + offset + ": " + found);
    }
}
