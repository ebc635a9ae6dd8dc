// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.nio.file.Path;

/** The log or snapshot has a format that this version cannot read. Nothing was changed. */
public final class WalVersionException extends WalException {
    private static final long serialVersionUID = 1;

    WalVersionException(Path file, int expected, int found) {
        super("file " + file + " has format version " + found + ", but this program reads version "
                + expected + ": start the version that wrote it");
    }
}
