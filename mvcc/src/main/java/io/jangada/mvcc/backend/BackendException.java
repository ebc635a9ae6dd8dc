// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

/** The storage under the store failed. Nothing is retried: the owner stops the member, data intact. */
public class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure of {@code action}, for the reason {@code cause}. */
    public BackendException(String action, Throwable cause) {
        super(action + ": " + cause.getMessage(), cause);
    }
}
