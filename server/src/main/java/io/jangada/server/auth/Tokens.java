// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

/** The tokens that prove who calls. Thread-safe. */
public sealed interface Tokens permits SimpleTokens, JwtTokens {

    /** Whom a token names. */
    sealed interface Named {}

    /** This caller. */
    record Known(Caller caller) implements Named {}

    /** Nobody: made up, expired, or of a session that was ended. */
    record Unknown() implements Named {}

    /** Perhaps somebody: it was given by an entry that this member has not applied yet. */
    record Later() implements Named {}

    /**
     * Whom {@code token} names.
     *
     * @param authRevision that of the present state
     */
    Named resolve(String token, long authRevision);
}
