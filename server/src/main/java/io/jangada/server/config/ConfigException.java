// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

/** A configuration that cannot be run. The message is one line for the operator. Immutable. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Refused for the reason {@code line}. */
    public ConfigException(String line) {
        super(line);
    }
}
