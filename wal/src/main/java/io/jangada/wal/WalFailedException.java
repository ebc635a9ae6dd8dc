// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

/**
 * A write or a force failed. What it was to make durable must never be acknowledged, and the
 * {@link Wal} accepts nothing any more: the member stops and recovers from what is on the disk.
 */
public final class WalFailedException extends WalException {
    private static final long serialVersionUID = 1;

    WalFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
