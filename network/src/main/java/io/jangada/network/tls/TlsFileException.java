// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.io.IOException;
import java.nio.file.Path;

/** A file that TLS needs is missing, unreadable, or not what it should be. Names it and says why. */
public final class TlsFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    TlsFileException(Path file, String problem) {
        super(file + ": " + problem);
        this.file = file;
    }

    TlsFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
        this.file = file;
    }

    /** The file. */
    public Path file() {
        return file;
    }
}
