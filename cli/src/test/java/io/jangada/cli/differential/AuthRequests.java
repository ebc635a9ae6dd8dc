// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import io.jangada.api.auth.UserAddOptions;
import io.jangada.api.etcd.AuthDisableRequest;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleDeleteRequest;
import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleListRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserChangePasswordRequest;
import io.jangada.api.etcd.AuthUserDeleteRequest;
import io.jangada.api.etcd.AuthUserGetRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.AuthUserListRequest;
import io.jangada.api.etcd.AuthUserRevokeRoleRequest;
import io.jangada.api.etcd.AuthenticateRequest;
import java.util.ArrayList;
import java.util.List;

/** Generates what is done with users and roles. Root keeps its password, so that it can always end the phase. */
final class AuthRequests {
    static final String ROOT = "root";
    private static final List<String> USERS = List.of("u1", "u2", "u3");
    private static final List<String> ROLES = List.of("r1", "r2", "r3");

    private final Draw draw;

    AuthRequests(Draw draw) {
        this.draw = draw;
    }

    /** Turns authentication on, with what is refused on the way. */
    List<Call> beginning() {
        Call enable = Call.of(AuthGrpc.getAuthEnableMethod(),
                AuthEnableRequest.getDefaultInstance());
        return List.of(disable(), authenticate(ROOT, "root"), enable, addUser(ROOT, "root"),
                enable, grantRole(ROOT, ROOT), getRole(ROOT), addRole(ROOT), getRole(ROOT), enable,
                grantRole(ROOT, ROOT), getUser(ROOT),
                enable, enable, authenticate(ROOT, "root"));
    }

    /** What is asked of root's role and its user, and done to them, first while they are guarded and then not; turns it off. */
    List<Call> end() {
        List<Call> calls = new ArrayList<>();
        calls.add(authenticate(ROOT, "root"));
        ofRoot().forEach(call -> calls.add(call.by(ROOT)));
        calls.add(disable().by(ROOT));
        calls.addAll(ofRoot());
        calls.add(addUser(ROOT, "root"));
        calls.add(grantRole(ROOT, ROOT));
        calls.add(getUser(ROOT));
        return calls;
    }

    private List<Call> ofRoot() {
        Call grant = Call.of(AuthGrpc.getRoleGrantPermissionMethod(),
                AuthRoleGrantPermissionRequest.newBuilder().setName(ROOT).setPerm(Permission
                        .newBuilder().setPermType(Permission.Type.READ).setKey(Draw.utf8("k")))
                        .build());
        Call revoke = Call.of(AuthGrpc.getRoleRevokePermissionMethod(),
                AuthRoleRevokePermissionRequest.newBuilder().setRole(ROOT).setKey(Draw.utf8("k"))
                        .build());
        return List.of(getRole(ROOT), getUser(ROOT), addRole(ROOT), getRole(ROOT), grant,
                getRole(ROOT), revoke, revoke, deleteRole(ROOT), getRole(ROOT),
                revokeRole(ROOT, ROOT), getUser(ROOT), deleteUser(ROOT), getUser(ROOT));
    }

    /** Whose token a request brings: that of a user who may be gone, of root, or none. */
    String caller() {
        return switch (draw.below(12)) {
            case 0 -> "";
            case 1 -> "stranger";
            case 2, 3 -> ROOT;
            default -> draw.of(USERS);
        };
    }

    /** One who says who he is: 3.4 lets nobody grant and revoke leases. */
    String user() {
        return draw.oneIn(4) ? ROOT : draw.of(USERS);
    }

    /** A login, most often with the right password. */
    Call login() {
        String user = draw.of(USERS);
        return authenticate(draw.oneIn(20) ? "stranger" : user, draw.oneIn(8) ? "no" : user);
    }

    /** A change of users or roles, most often by root. */
    Call change() {
        Call call = switch (draw.below(15)) {
            case 0 -> addUser(named(), draw.oneIn(10) ? "" : draw.of(USERS));
            case 1 -> addUser(draw.of(USERS), draw.of(USERS));
            case 2 -> addRole(draw.oneIn(20) ? "" : role());
            case 3 -> draw.oneIn(3) ? deleteUser(named()) : addRole(role());
            case 4 -> draw.oneIn(3) ? deleteRole(role()) : addRole(role());
            case 5, 6, 7 -> grantRole(named(), role());
            case 8 -> revokeRole(named(), role());
            case 9 -> changePassword(draw.of(USERS));
            case 10 -> revokePermission();
            default -> grantPermission();
        };
        return draw.oneIn(10) ? call.by(caller()) : call.by(ROOT);
    }

    /** What asks for users or roles. */
    Call read() {
        Call call = switch (draw.below(6)) {
            case 0 -> Call.of(AuthGrpc.getUserListMethod(),
                    AuthUserListRequest.getDefaultInstance());
            case 1 -> Call.of(AuthGrpc.getRoleListMethod(),
                    AuthRoleListRequest.getDefaultInstance());
            case 2, 3 -> getUser(named());
            default -> getRole(role());
        };
        return call.by(draw.oneIn(2) ? ROOT : caller());
    }

    private String named() {
        return draw.oneIn(30) ? ROOT : draw.oneIn(30) ? "stranger" : draw.of(USERS);
    }

    private String role() {
        return draw.oneIn(30) ? ROOT : draw.oneIn(30) ? "none" : draw.of(ROLES);
    }

    private static Call disable() {
        return Call.of(AuthGrpc.getAuthDisableMethod(), AuthDisableRequest.getDefaultInstance());
    }

    private static Call authenticate(String user, String password) {
        return Call.of(AuthGrpc.getAuthenticateMethod(),
                AuthenticateRequest.newBuilder().setName(user).setPassword(password).build());
    }

    private Call addUser(String user, String password) {
        AuthUserAddRequest.Builder add = AuthUserAddRequest.newBuilder().setName(user)
                .setPassword(password);
        if (!user.equals(ROOT) && draw.oneIn(20)) {
            add.setOptions(UserAddOptions.newBuilder().setNoPassword(true));
        }
        return Call.of(AuthGrpc.getUserAddMethod(), add.build());
    }

    private static Call getUser(String user) {
        return Call.of(AuthGrpc.getUserGetMethod(),
                AuthUserGetRequest.newBuilder().setName(user).build());
    }

    private static Call getRole(String role) {
        return Call.of(AuthGrpc.getRoleGetMethod(),
                AuthRoleGetRequest.newBuilder().setRole(role).build());
    }

    private static Call deleteUser(String user) {
        return Call.of(AuthGrpc.getUserDeleteMethod(),
                AuthUserDeleteRequest.newBuilder().setName(user).build());
    }

    private static Call changePassword(String user) {
        return Call.of(AuthGrpc.getUserChangePasswordMethod(), AuthUserChangePasswordRequest
                .newBuilder().setName(user).setPassword(user).build());
    }

    private static Call grantRole(String user, String role) {
        return Call.of(AuthGrpc.getUserGrantRoleMethod(),
                AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build());
    }

    private static Call revokeRole(String user, String role) {
        return Call.of(AuthGrpc.getUserRevokeRoleMethod(),
                AuthUserRevokeRoleRequest.newBuilder().setName(user).setRole(role).build());
    }

    private static Call addRole(String role) {
        return Call.of(AuthGrpc.getRoleAddMethod(),
                AuthRoleAddRequest.newBuilder().setName(role).build());
    }

    private static Call deleteRole(String role) {
        return Call.of(AuthGrpc.getRoleDeleteMethod(),
                AuthRoleDeleteRequest.newBuilder().setRole(role).build());
    }

    /* 3.4 grants ranges that are none, and may keep two permissions that begin with one key twice. */
    private static ByteString endOf(ByteString key) {
        return switch (key.hashCode() & 3) {
            case 0 -> Draw.ZERO;
            case 1 -> key.concat(Draw.ZERO).concat(key);
            default -> ByteString.EMPTY;
        };
    }

    private Call grantPermission() {
        ByteString key = draw.keyGiven();
        ByteString end = endOf(key);
        Permission permission = Permission.newBuilder().setPermTypeValue(draw.below(3))
                .setKey(key).setRangeEnd(end).build();
        return Call.of(AuthGrpc.getRoleGrantPermissionMethod(), AuthRoleGrantPermissionRequest
                .newBuilder().setName(role()).setPerm(permission).build());
    }

    private Call revokePermission() {
        ByteString key = draw.keyGiven();
        return Call.of(AuthGrpc.getRoleRevokePermissionMethod(),
                AuthRoleRevokePermissionRequest.newBuilder().setRole(role()).setKey(key)
                        .setRangeEnd(endOf(key)).build());
    }
}
