// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import java.io.IOException;

/** A snapshot file that is damaged, or holds what cannot be kept. */
public final class SnapshotRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    SnapshotRefusedException(String line) {
        super(line);
    }

    SnapshotRefusedException(String line, Throwable cause) {
        super(line, cause);
    }
}
