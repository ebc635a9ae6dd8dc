// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import io.grpc.Context;
import io.jangada.api.etcd.RequestHeader;

/**
 * On whose behalf a request is carried out: travels with it in gRPC's context, and in the header of the
 * entry that it becomes. Immutable.
 *
 * @param user the user's name; empty without one
 * @param authRevision the revision of {@link AuthState} at which that was established; 0 without a user
 */
public record Caller(String user, long authRevision) {
    /** Nobody. */
    public static final Caller ANONYMOUS = new Caller("", 0);

    /** A member on its own account: may everything. No client can say so, as members write the headers. */
    public static final Caller MEMBER = new Caller("", -1);

    static final Context.Key<Caller> KEY = Context.keyWithDefault("caller", ANONYMOUS);

    /**
     * Who called, while a service handles a request on the thread that brought it; nobody on any other
     * thread, so that what is passed on must be captured first.
     */
    public static Caller current() {
        return KEY.get();
    }

    static Caller of(RequestHeader header) {
        return new Caller(header.getUsername(), header.getAuthRevision());
    }

    /** The header of an entry. */
    public RequestHeader header() {
        return RequestHeader.newBuilder().setUsername(user).setAuthRevision(authRevision).build();
    }

    Caller at(long revision) {
        return user.isEmpty() ? this : new Caller(user, revision);
    }
}
