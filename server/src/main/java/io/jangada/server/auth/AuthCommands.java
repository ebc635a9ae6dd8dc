// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.jangada.api.auth.Permission;
import io.jangada.api.auth.Role;
import io.jangada.api.auth.User;
import io.jangada.api.etcd.AuthDisableResponse;
import io.jangada.api.etcd.AuthEnableResponse;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleAddResponse;
import io.jangada.api.etcd.AuthRoleDeleteRequest;
import io.jangada.api.etcd.AuthRoleDeleteResponse;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionResponse;
import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionResponse;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserAddResponse;
import io.jangada.api.etcd.AuthUserChangePasswordRequest;
import io.jangada.api.etcd.AuthUserChangePasswordResponse;
import io.jangada.api.etcd.AuthUserDeleteRequest;
import io.jangada.api.etcd.AuthUserDeleteResponse;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.AuthUserGrantRoleResponse;
import io.jangada.api.etcd.AuthUserRevokeRoleRequest;
import io.jangada.api.etcd.AuthUserRevokeRoleResponse;
import io.jangada.api.etcd.AuthenticateResponse;
import io.jangada.api.etcd.InternalAuthenticateRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What each request about users and roles does to the state, in the order of checks that etcd has (etcd:
 * authStore). Pure. Whether the caller may ask for it is decided before.
 */
final class AuthCommands {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[]{0});
    private static final Comparator<ByteString> ORDER = ByteString
            .unsignedLexicographicalComparator();

    private AuthCommands() {}

    /** What {@code request} does; empty if it is not about users and roles. */
    static Optional<AuthOutcome> apply(AuthState state, InternalRaftRequest request) {
        if (request.hasAuthenticate()) {
            return Optional.of(authenticate(state, request.getAuthenticate(),
                    request.getHeader().getAuthRevision()));
        }
        if (request.hasAuthEnable()) {
            return Optional.of(enable(state));
        }
        if (request.hasAuthDisable()) {
            return Optional.of(done(state.enabled() ? state.disable() : state,
                    AuthDisableResponse.getDefaultInstance()));
        }
        return ofUsers(state, request).or(() -> ofRoles(state, request));
    }

    private static Optional<AuthOutcome> ofUsers(AuthState state, InternalRaftRequest request) {
        if (request.hasAuthUserAdd()) {
            return Optional.of(addUser(state, request.getAuthUserAdd()));
        }
        if (request.hasAuthUserDelete()) {
            return Optional.of(deleteUser(state, request.getAuthUserDelete()));
        }
        if (request.hasAuthUserChangePassword()) {
            return Optional.of(changePassword(state, request.getAuthUserChangePassword()));
        }
        if (request.hasAuthUserGrantRole()) {
            return Optional.of(grantRole(state, request.getAuthUserGrantRole()));
        }
        if (request.hasAuthUserRevokeRole()) {
            return Optional.of(revokeRole(state, request.getAuthUserRevokeRole()));
        }
        return Optional.empty();
    }

    private static Optional<AuthOutcome> ofRoles(AuthState state, InternalRaftRequest request) {
        if (request.hasAuthRoleAdd()) {
            return Optional.of(addRole(state, request.getAuthRoleAdd()));
        }
        if (request.hasAuthRoleDelete()) {
            return Optional.of(deleteRole(state, request.getAuthRoleDelete()));
        }
        if (request.hasAuthRoleGrantPermission()) {
            return Optional.of(grant(state, request.getAuthRoleGrantPermission()));
        }
        if (request.hasAuthRoleRevokePermission()) {
            return Optional.of(revoke(state, request.getAuthRoleRevokePermission()));
        }
        return Optional.empty();
    }

    private static AuthOutcome done(AuthState state, MessageLite response) {
        return new AuthOutcome.Done(state, response);
    }

    private static AuthOutcome refused(EtcdError error) {
        return new AuthOutcome.Refused(error);
    }

    /* The password was checked by the member that proposes this, at the revision in the header: whatever
     * changed since may have been that password. */
    private static AuthOutcome authenticate(AuthState state, InternalAuthenticateRequest request,
            long checkedRevision) {
        if (!state.enabled()) {
            return refused(EtcdError.AUTH_NOT_ENABLED);
        }
        User user = state.users().get(request.getName());
        if (user == null || user.getOptions().getNoPassword()) {
            return refused(EtcdError.AUTH_FAILED);
        }
        return checkedRevision == state.revision()
                ? done(state, AuthenticateResponse.getDefaultInstance())
                : refused(EtcdError.AUTH_OLD_REVISION);
    }

    private static AuthOutcome enable(AuthState state) {
        AuthEnableResponse response = AuthEnableResponse.getDefaultInstance();
        if (state.enabled()) {
            return done(state, response);
        }
        if (state.user(AuthState.ROOT).isEmpty()) {
            return refused(EtcdError.ROOT_USER_NOT_FOUND);
        }
        return state.hasRole(AuthState.ROOT, AuthState.ROOT)
                ? done(state.enable(), response)
                : refused(EtcdError.ROOT_ROLE_NOT_FOUND);
    }

    private static AuthOutcome addUser(AuthState state, AuthUserAddRequest request) {
        String name = request.getName();
        if (name.isEmpty()) {
            return refused(EtcdError.USER_EMPTY);
        }
        if (state.user(name).isPresent()) {
            return refused(EtcdError.USER_EXISTS);
        }
        User.Builder user = User.newBuilder().setName(ByteString.copyFromUtf8(name))
                .setOptions(request.getOptions());
        if (!request.getOptions().getNoPassword()) {
            user.setPassword(ByteString.copyFromUtf8(request.getHashedPassword()));
        }
        return done(state.withUser(name, user.build()), AuthUserAddResponse.getDefaultInstance());
    }

    private static AuthOutcome deleteUser(AuthState state, AuthUserDeleteRequest request) {
        if (state.enabled() && request.getName().equals(AuthState.ROOT)) {
            return refused(EtcdError.INVALID_AUTH_MANAGEMENT);
        }
        return state.user(request.getName()).isEmpty()
                ? refused(EtcdError.USER_NOT_FOUND)
                : done(state.withUser(request.getName(), null),
                        AuthUserDeleteResponse.getDefaultInstance());
    }

    private static AuthOutcome changePassword(AuthState state,
            AuthUserChangePasswordRequest request) {
        User user = state.users().get(request.getName());
        if (user == null) {
            return refused(EtcdError.USER_NOT_FOUND);
        }
        User.Builder changed = user.toBuilder();
        if (!user.getOptions().getNoPassword()) {
            changed.setPassword(ByteString.copyFromUtf8(request.getHashedPassword()));
        }
        return done(state.withUser(request.getName(), changed.build()),
                AuthUserChangePasswordResponse.getDefaultInstance());
    }

    private static AuthOutcome grantRole(AuthState state, AuthUserGrantRoleRequest request) {
        User user = state.users().get(request.getUser());
        String role = request.getRole();
        if (user == null) {
            return refused(EtcdError.USER_NOT_FOUND);
        }
        if (!role.equals(AuthState.ROOT) && !state.roles().containsKey(role)) {
            return refused(EtcdError.ROLE_NOT_FOUND);
        }
        AuthUserGrantRoleResponse response = AuthUserGrantRoleResponse.getDefaultInstance();
        if (user.getRolesList().contains(role)) {
            return done(state, response);
        }
        List<String> roles = Stream.concat(user.getRolesList().stream(), Stream.of(role)).sorted()
                .toList();
        return done(state.withUser(request.getUser(),
                user.toBuilder().clearRoles().addAllRoles(roles).build()), response);
    }

    private static AuthOutcome revokeRole(AuthState state, AuthUserRevokeRoleRequest request) {
        String name = request.getName();
        String role = request.getRole();
        if (state.enabled() && name.equals(AuthState.ROOT) && role.equals(AuthState.ROOT)) {
            return refused(EtcdError.INVALID_AUTH_MANAGEMENT);
        }
        User user = state.users().get(name);
        if (user == null) {
            return refused(EtcdError.USER_NOT_FOUND);
        }
        return user.getRolesList().contains(role)
                ? done(state.withUser(name, AuthState.withoutRole(user, role)),
                        AuthUserRevokeRoleResponse.getDefaultInstance())
                : refused(EtcdError.ROLE_NOT_GRANTED);
    }

    private static AuthOutcome addRole(AuthState state, AuthRoleAddRequest request) {
        String name = request.getName();
        if (name.isEmpty()) {
            return refused(EtcdError.ROLE_EMPTY);
        }
        return state.roles().containsKey(name)
                ? refused(EtcdError.ROLE_EXISTS)
                : done(state.withRole(name,
                        Role.newBuilder().setName(ByteString.copyFromUtf8(name)).build()),
                        AuthRoleAddResponse.getDefaultInstance());
    }

    private static AuthOutcome deleteRole(AuthState state, AuthRoleDeleteRequest request) {
        if (state.enabled() && request.getRole().equals(AuthState.ROOT)) {
            return refused(EtcdError.INVALID_AUTH_MANAGEMENT);
        }
        return state.roles().containsKey(request.getRole())
                ? done(state.withoutRole(request.getRole()),
                        AuthRoleDeleteResponse.getDefaultInstance())
                : refused(EtcdError.ROLE_NOT_FOUND);
    }

    private static AuthOutcome grant(AuthState state, AuthRoleGrantPermissionRequest request) {
        if (!request.hasPerm()) {
            return refused(EtcdError.PERMISSION_NOT_GIVEN);
        }
        Permission granted = request.getPerm();
        if (!isRange(granted.getKey(), granted.getRangeEnd())) {
            return refused(EtcdError.INVALID_AUTH_MANAGEMENT);
        }
        Role role = state.roles().get(request.getName());
        if (role == null) {
            return refused(EtcdError.ROLE_NOT_FOUND);
        }
        List<Permission> all = new ArrayList<>(
                without(role, granted.getKey(), granted.getRangeEnd()));
        all.add(granted);
        all.sort(Comparator.comparing(Permission::getKey, ORDER)
                .thenComparing(Permission::getRangeEnd, ORDER));
        return done(state.withRole(request.getName(),
                role.toBuilder().clearKeyPermission().addAllKeyPermission(all).build()),
                AuthRoleGrantPermissionResponse.getDefaultInstance());
    }

    private static boolean isRange(ByteString key, ByteString end) {
        return !key.isEmpty()
                && (end.isEmpty() || end.equals(ZERO) || ORDER.compare(key, end) < 0);
    }

    private static AuthOutcome revoke(AuthState state, AuthRoleRevokePermissionRequest request) {
        Role role = state.roles().get(request.getRole());
        if (role == null) {
            return refused(EtcdError.ROLE_NOT_FOUND);
        }
        List<Permission> left = without(role, request.getKey(), request.getRangeEnd());
        return left.size() == role.getKeyPermissionCount()
                ? refused(EtcdError.PERMISSION_NOT_GRANTED)
                : done(state.withRole(request.getRole(),
                        role.toBuilder().clearKeyPermission().addAllKeyPermission(left).build()),
                        AuthRoleRevokePermissionResponse.getDefaultInstance());
    }

    private static List<Permission> without(Role role, ByteString key, ByteString end) {
        return role.getKeyPermissionList().stream().filter(
                one -> !(one.getKey().equals(key) && one.getRangeEnd().equals(end))).toList();
    }
}
