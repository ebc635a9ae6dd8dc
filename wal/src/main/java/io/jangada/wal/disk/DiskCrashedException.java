// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.IOException;

/** The machine that a {@link MemoryDisk} belongs to has crashed, and has not been restarted. */
public final class DiskCrashedException extends IOException {
    private static final long serialVersionUID = 1;

    DiskCrashedException() {
        super("the machine has crashed");
    }
}
