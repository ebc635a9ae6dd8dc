// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.mvcc.backend.CorruptBackendException;
import org.jspecify.annotations.Nullable;

/**
 * Why a member stopped that cannot go on with the state it has, as others have theirs: the next start with
 * the same configuration sets its state aside and gets that of the others.
 */
public final class RebuildNeededException extends Exception {
    private static final long serialVersionUID = 1L;

    private RebuildNeededException(long memberId, String what, @Nullable Throwable cause) {
        super("member " + Long.toHexString(memberId) + what
                + ": start it again, and it is rebuilt from the others", cause);
    }

    /** Of {@code memberId}, whose hash is not that of the others, and which is configured to be rebuilt. */
    static RebuildNeededException differs(long memberId) {
        return new RebuildNeededException(memberId, " holds something else than the others", null);
    }

    /** Of {@code memberId}, which {@code found} that its state cannot be read. */
    static RebuildNeededException unreadable(long memberId, CorruptBackendException found) {
        return new RebuildNeededException(memberId,
                " cannot read its state (" + found.getMessage() + ")", found);
    }
}
