// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.io.IOException;

/** Something about the durable log that is not in order. */
public abstract sealed class WalException extends IOException
        permits WalCorruptException, WalFailedException, WalFullException, WalIdentityException,
        WalVersionException {
    private static final long serialVersionUID = 1;

    WalException(String message) {
        super(message);
    }

    WalException(String message, Throwable cause) {
        super(message, cause);
    }
}
