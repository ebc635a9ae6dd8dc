// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

/**
 * What the storage has kept is not what was written to it: a checksum does not match, or a file is missing.
 * Trying again is of no use; the rows have to come from somewhere else.
 */
public final class CorruptBackendException extends BackendException {
    private static final long serialVersionUID = 1L;

    /** Found by {@code action}, and told of by {@code cause}. */
    public CorruptBackendException(String action, Throwable cause) {
        super(action, cause);
    }
}
