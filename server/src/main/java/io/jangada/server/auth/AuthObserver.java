// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

/** Hears of what was applied to users and roles, after it became visible. Apply loop; must not block. */
public interface AuthObserver {
    /**
     * Somebody has proved to be {@code user}.
     *
     * @param tokenDigest of the first part of the token that says so
     * @param index the entry that says it: the second part
     */
    void authenticated(String user, String tokenDigest, long index);

    /** The tokens of {@code user} count no more. */
    void sessionsEnded(String user);

    /** No token counts any more. */
    void allSessionsEnded();
}
