// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import io.jangada.api.auth.Role;
import io.jangada.api.auth.User;
import io.jangada.api.auth.UserAddOptions;
import io.jangada.api.etcd.AuthDisableRequest;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleDeleteRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserChangePasswordRequest;
import io.jangada.api.etcd.AuthUserDeleteRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.AuthUserRevokeRoleRequest;
import io.jangada.api.etcd.InternalAuthenticateRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.server.error.EtcdError;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What requests about users and roles do, and with which error they do nothing. */
final class AuthCommandsTest {
    private AuthState state = AuthState.NEW;

    @Test
    void rootMustExistAndHaveItsRoleBeforeAuthIsEnabled() {
        refuses(enable(), EtcdError.ROOT_USER_NOT_FOUND);
        does(addUser("root"), 2);
        refuses(enable(), EtcdError.ROOT_ROLE_NOT_FOUND);
        does(grantRole("root", "root"), 3);
        does(enable(), 3);
        assertThat(state.enabled()).isTrue();
        does(enable(), 3);
    }

    @Test
    void disablingChangesTheRevisionOnce() {
        enabled();
        does(disable(), 4);
        does(disable(), 4);
        assertThat(state.enabled()).isFalse();
    }

    @Test
    void usersComeAndGo() {
        refuses(addUser(""), EtcdError.USER_EMPTY);
        does(addUser("u"), 2);
        refuses(addUser("u"), EtcdError.USER_EXISTS);
        does(deleteUser("u"), 3);
        refuses(deleteUser("u"), EtcdError.USER_NOT_FOUND);
    }

    @Test
    void passwordsChangeExceptWhereThereIsNone() {
        does(addUser("u"), 2);
        does(changePassword("u", "other"), 3);
        assertThat(users("u").getPassword()).isEqualTo(utf8("other"));
        does(InternalRaftRequest.newBuilder().setAuthUserAdd(AuthUserAddRequest.newBuilder()
                .setName("cn").setOptions(UserAddOptions.newBuilder().setNoPassword(true))), 4);
        does(changePassword("cn", "other"), 5);
        assertThat(users("cn").getPassword()).isEqualTo(ByteString.EMPTY);
        refuses(changePassword("nobody", "x"), EtcdError.USER_NOT_FOUND);
    }

    @Test
    void rolesAreGrantedOnceAndRevokedOnce() {
        does(addUser("u"), 2);
        refuses(grantRole("nobody", "r"), EtcdError.USER_NOT_FOUND);
        refuses(grantRole("u", "r"), EtcdError.ROLE_NOT_FOUND);
        does(addRole("r"), 3);
        does(grantRole("u", "r"), 4);
        does(grantRole("u", "r"), 4);
        refuses(revokeRole("nobody", "r"), EtcdError.USER_NOT_FOUND);
        does(revokeRole("u", "r"), 5);
        refuses(revokeRole("u", "r"), EtcdError.ROLE_NOT_GRANTED);
    }

    @Test
    void aRoleThatIsDeletedIsTakenFromItsUsers() {
        refuses(addRole(""), EtcdError.ROLE_EMPTY);
        does(addRole("r"), 2);
        refuses(addRole("r"), EtcdError.ROLE_EXISTS);
        does(addUser("u"), 3);
        does(grantRole("u", "r"), 4);
        does(deleteRole("r"), 5);
        assertThat(users("u").getRolesList()).isEmpty();
        refuses(deleteRole("r"), EtcdError.ROLE_NOT_FOUND);
    }

    @Test
    void permissionsAreReplacedWhereTheyAreTheSame() {
        refuses(InternalRaftRequest.newBuilder().setAuthRoleGrantPermission(
                AuthRoleGrantPermissionRequest.newBuilder().setName("r")),
                EtcdError.PERMISSION_NOT_GIVEN);
        refuses(grant("r", "k", "", Permission.Type.READ), EtcdError.ROLE_NOT_FOUND);
        does(addRole("r"), 2);
        refuses(grant("r", "", "", Permission.Type.READ), EtcdError.INVALID_AUTH_MANAGEMENT);
        refuses(grant("r", "k", "a", Permission.Type.READ), EtcdError.INVALID_AUTH_MANAGEMENT);
        does(grant("r", "k", "", Permission.Type.READ), 3);
        does(grant("r", "k", "\0", Permission.Type.READ), 4);
        does(grant("r", "k", "", Permission.Type.READWRITE), 5);
        does(grant("r", "a", "b", Permission.Type.WRITE), 6);
        assertThat(roles("r").getKeyPermissionList())
                .extracting(Permission::getPermType).containsExactly(Permission.Type.WRITE,
                        Permission.Type.READWRITE, Permission.Type.READ);
        refuses(revoke("r", "k", "z"), EtcdError.PERMISSION_NOT_GRANTED);
        refuses(revoke("no", "k", ""), EtcdError.ROLE_NOT_FOUND);
        does(revoke("r", "k", ""), 7);
        assertThat(roles("r").getKeyPermissionList()).hasSize(2);
    }

    @Test
    void rootStaysRootWhileAuthIsEnabled() {
        enabled();
        refuses(deleteUser("root"), EtcdError.INVALID_AUTH_MANAGEMENT);
        refuses(deleteRole("root"), EtcdError.INVALID_AUTH_MANAGEMENT);
        refuses(revokeRole("root", "root"), EtcdError.INVALID_AUTH_MANAGEMENT);
        does(disable(), 4);
        does(revokeRole("root", "root"), 5);
        does(deleteUser("root"), 6);
    }

    @Test
    void whoProvedAPasswordIsAuthenticatedUnlessSomethingChanged() {
        refuses(authenticate("root", 1), EtcdError.AUTH_NOT_ENABLED);
        enabled();
        refuses(authenticate("nobody", 3), EtcdError.AUTH_FAILED);
        refuses(authenticate("root", 2), EtcdError.AUTH_OLD_REVISION);
        does(authenticate("root", 3), 3);
    }

    @Test
    void otherRequestsAreOthers() {
        assertThat(AuthCommands.apply(state, InternalRaftRequest.newBuilder()
                .setPut(PutRequest.getDefaultInstance()).build())).isEmpty();
    }

    private void enabled() {
        does(addUser("root"), 2);
        does(grantRole("root", "root"), 3);
        does(enable(), 3);
    }

    private void does(InternalRaftRequest.Builder request, long revisionAfter) {
        assertThat(AuthCommands.apply(state, request.build()).orElseThrow())
                .isInstanceOfSatisfying(AuthOutcome.Done.class, done -> state = done.state());
        assertThat(state.revision()).isEqualTo(revisionAfter);
    }

    private void refuses(InternalRaftRequest.Builder request, EtcdError error) {
        assertThat(AuthCommands.apply(state, request.build()))
                .contains(new AuthOutcome.Refused(error));
    }

    private User users(String name) {
        return state.user(name).orElseThrow();
    }

    private Role roles(String name) {
        return Optional.ofNullable(state.roles().get(name)).orElseThrow();
    }

    private static InternalRaftRequest.Builder enable() {
        return InternalRaftRequest.newBuilder()
                .setAuthEnable(AuthEnableRequest.getDefaultInstance());
    }

    private static InternalRaftRequest.Builder disable() {
        return InternalRaftRequest.newBuilder()
                .setAuthDisable(AuthDisableRequest.getDefaultInstance());
    }

    private static InternalRaftRequest.Builder authenticate(String name, long revision) {
        return InternalRaftRequest.newBuilder().setHeader(new Caller("", revision).header())
                .setAuthenticate(InternalAuthenticateRequest.newBuilder().setName(name));
    }

    private static InternalRaftRequest.Builder addUser(String name) {
        return InternalRaftRequest.newBuilder().setAuthUserAdd(
                AuthUserAddRequest.newBuilder().setName(name).setHashedPassword("hash"));
    }

    private static InternalRaftRequest.Builder deleteUser(String name) {
        return InternalRaftRequest.newBuilder()
                .setAuthUserDelete(AuthUserDeleteRequest.newBuilder().setName(name));
    }

    private static InternalRaftRequest.Builder changePassword(String name, String hash) {
        return InternalRaftRequest.newBuilder().setAuthUserChangePassword(
                AuthUserChangePasswordRequest.newBuilder().setName(name).setHashedPassword(hash));
    }

    private static InternalRaftRequest.Builder grantRole(String user, String role) {
        return InternalRaftRequest.newBuilder().setAuthUserGrantRole(
                AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role));
    }

    private static InternalRaftRequest.Builder revokeRole(String user, String role) {
        return InternalRaftRequest.newBuilder().setAuthUserRevokeRole(
                AuthUserRevokeRoleRequest.newBuilder().setName(user).setRole(role));
    }

    private static InternalRaftRequest.Builder addRole(String name) {
        return InternalRaftRequest.newBuilder()
                .setAuthRoleAdd(AuthRoleAddRequest.newBuilder().setName(name));
    }

    private static InternalRaftRequest.Builder deleteRole(String name) {
        return InternalRaftRequest.newBuilder()
                .setAuthRoleDelete(AuthRoleDeleteRequest.newBuilder().setRole(name));
    }

    private static InternalRaftRequest.Builder grant(String role, String key, String end,
            Permission.Type type) {
        return InternalRaftRequest.newBuilder()
                .setAuthRoleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                        .setName(role).setPerm(Permission.newBuilder().setPermType(type)
                                .setKey(utf8(key)).setRangeEnd(utf8(end))));
    }

    private static InternalRaftRequest.Builder revoke(String role, String key, String end) {
        return InternalRaftRequest.newBuilder().setAuthRoleRevokePermission(
                AuthRoleRevokePermissionRequest.newBuilder().setRole(role).setKey(utf8(key))
                        .setRangeEnd(utf8(end)));
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
