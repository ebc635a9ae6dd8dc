// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/** The other end does not keep to the protocol: its connection is closed. */
final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    ProtocolException(String reason) {
        super(reason);
    }

    ProtocolException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
