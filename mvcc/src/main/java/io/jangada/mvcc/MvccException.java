// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/**
 * A refusal that is the request's answer, the same on every member. Carries no stack trace.
 *
 * <p>Whoever gets one inside a transaction rolls the transaction back.
 */
public abstract sealed class MvccException extends RuntimeException
        permits CompactedException, FutureRevisionException, LeaseNotFoundException,
        LeaseExistsException {
    private static final long serialVersionUID = 1L;

    MvccException(String message) {
        super(message, null, false, false);
    }
}
