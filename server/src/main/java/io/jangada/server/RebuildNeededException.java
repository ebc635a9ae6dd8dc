// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

/**
 * Why a member stopped that holds something else than the others and is configured to be rebuilt: the next
 * start with the same configuration sets its state aside and gets that of the others.
 */
public final class RebuildNeededException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Of {@code memberId}. */
    RebuildNeededException(long memberId) {
        super("member " + Long.toHexString(memberId) + " holds something else than the others:"
                + " start it again, and it is rebuilt from them");
    }
}
