// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.IOException;

/** The disk, or the user's share of it, is full. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1;

    /** With what was attempted. */
    public DiskFullException(String message) {
        super(message);
    }

    /** With what was attempted, and the system's answer. */
    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
