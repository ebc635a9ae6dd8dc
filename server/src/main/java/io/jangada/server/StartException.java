// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

/** A member that could not start. The message is one line for the operator. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Refused for the reason {@code line}. */
    public StartException(String line) {
        super(line);
    }

    /** Refused for the reason {@code line}, which {@code cause} explains. */
    public StartException(String line, Throwable cause) {
        super(line, cause);
    }
}
