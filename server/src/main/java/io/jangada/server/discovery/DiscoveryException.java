// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

/** The initial members were not found. The message is one line for the operator. */
public final class DiscoveryException extends Exception {
    private static final long serialVersionUID = 1L;

    DiscoveryException(String line) {
        super(line);
    }

    DiscoveryException(String line, Throwable cause) {
        super(line, cause);
    }
}
