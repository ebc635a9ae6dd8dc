// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.nio.file.Path;

/**
 * The log holds damage where something may have been acknowledged. Nothing was changed. The member
 * must not start from this log: its data is to be replaced by that of its peers.
 */
public final class WalCorruptException extends WalException {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final long offset;

    WalCorruptException(Path file, long offset, String found) {
        super("log file " + file + " is damaged at byte " + offset + ": " + found
                + "; nothing was changed; keep the directory aside, remove this member from the"
                + " cluster and add it again with an empty directory, so that its peers fill it");
        this.file = file;
        this.offset = offset;
    }

    /** The damaged file. */
    public Path file() {
        return file;
    }

    /** Where in the file, in bytes. */
    public long offset() {
        return offset;
    }
}
