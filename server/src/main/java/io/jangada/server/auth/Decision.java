// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import io.jangada.server.error.EtcdError;
import java.util.List;
import java.util.Optional;

/** Whether a caller has what a request needs. Pure: the same on every member for the same entry. */
final class Decision {
    private static final Optional<EtcdError> GRANTED = Optional.empty();

    private Decision() {}

    /** Tells which keys are attached to a lease. */
    @FunctionalInterface
    interface LeaseKeys {
        /** The keys attached to {@code id}; none if there is no such lease. */
        List<ByteString> of(long id);
    }

    /** Why the caller may not; empty if it may. */
    static Optional<EtcdError> refusal(AuthState state, Caller caller, Need need,
            LeaseKeys leases) {
        if (!state.enabled() || caller.equals(Caller.MEMBER)) {
            return GRANTED;
        }
        return switch (need) {
            case Need.Nothing ignored -> GRANTED;
            case Need.AnyUser ignored -> user(state, caller);
            case Need.Root ignored -> root(state, caller);
            case Need.Self(String user) ->
                user.equals(caller.user()) ? user(state, caller) : root(state, caller);
            case Need.OwnRole(String role) ->
                state.hasRole(caller.user(), role) ? GRANTED : root(state, caller);
            case Need.Keys(List<Need.KeyAccess> all) -> keys(state, caller, all, leases);
        };
    }

    private static Optional<EtcdError> user(AuthState state, Caller caller) {
        if (caller.user().isEmpty()) {
            return Optional.of(EtcdError.USER_EMPTY);
        }
        return state.user(caller.user()).isPresent()
                ? GRANTED
                : Optional.of(EtcdError.PERMISSION_DENIED);
    }

    /* Whatever the revision: who has the role root now may (etcd: IsAdminPermitted). */
    private static Optional<EtcdError> root(AuthState state, Caller caller) {
        if (caller.user().isEmpty()) {
            return Optional.of(EtcdError.USER_EMPTY);
        }
        return state.hasRole(caller.user(), AuthState.ROOT)
                ? GRANTED
                : Optional.of(EtcdError.PERMISSION_DENIED);
    }

    private static Optional<EtcdError> keys(AuthState state, Caller caller,
            List<Need.KeyAccess> all, LeaseKeys leases) {
        if (caller.user().isEmpty() || caller.authRevision() == 0) {
            return Optional.of(EtcdError.USER_EMPTY);
        }
        if (Long.compareUnsigned(caller.authRevision(), state.revision()) < 0) {
            return Optional.of(EtcdError.AUTH_OLD_REVISION);
        }
        boolean permitted = state.grants(caller.user())
                .filter(grants -> grants.isRoot()
                        || all.stream().allMatch(one -> permits(grants, one, leases)))
                .isPresent();
        return permitted ? GRANTED : Optional.of(EtcdError.PERMISSION_DENIED);
    }

    private static boolean permits(Grants grants, Need.KeyAccess access, LeaseKeys leases) {
        return switch (access) {
            case Need.KeyAccess.Range(var mode, var key, var end) ->
                grants.permits(mode, key, end);
            case Need.KeyAccess.OfLease(var mode, long id) -> leases.of(id).stream()
                    .allMatch(key -> grants.permits(mode, key, ByteString.EMPTY));
        };
    }
}
