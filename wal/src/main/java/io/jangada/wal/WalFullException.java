// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

/**
 * There is no room for the next segment. Nothing of what is buffered was written, all of it is still
 * buffered, and the {@link Wal} lives: {@link Wal#force} may be called again once there is room.
 */
public final class WalFullException extends WalException {
    private static final long serialVersionUID = 1;

    WalFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
