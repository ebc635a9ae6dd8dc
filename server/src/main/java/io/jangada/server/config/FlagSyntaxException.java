// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

/** Arguments that are no flags of this program; etcd ends with 2 then. Immutable. */
public final class FlagSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Refused for the reason {@code line}. */
    public FlagSyntaxException(String line) {
        super(line);
    }
}
