// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/** The store holds what it never wrote. Not the request's fault: the member stops and is repaired. */
public final class CorruptStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was found wrong. */
    public CorruptStoreException(String what) {
        super("mvcc: corrupt store: " + what);
    }

    /** What was found wrong, and how it showed. */
    public CorruptStoreException(String what, Throwable cause) {
        super("mvcc: corrupt store: " + what, cause);
    }
}
