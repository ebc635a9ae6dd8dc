// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import io.grpc.stub.StreamObserver;
import io.jangada.api.auth.Permission;
import io.jangada.api.auth.Role;
import io.jangada.api.etcd.AuthDisableRequest;
import io.jangada.api.etcd.AuthDisableResponse;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthEnableResponse;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleAddResponse;
import io.jangada.api.etcd.AuthRoleDeleteRequest;
import io.jangada.api.etcd.AuthRoleDeleteResponse;
import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.api.etcd.AuthRoleGetResponse;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionResponse;
import io.jangada.api.etcd.AuthRoleListRequest;
import io.jangada.api.etcd.AuthRoleListResponse;
import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionResponse;
import io.jangada.api.etcd.AuthStatusRequest;
import io.jangada.api.etcd.AuthStatusResponse;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserAddResponse;
import io.jangada.api.etcd.AuthUserChangePasswordRequest;
import io.jangada.api.etcd.AuthUserChangePasswordResponse;
import io.jangada.api.etcd.AuthUserDeleteRequest;
import io.jangada.api.etcd.AuthUserDeleteResponse;
import io.jangada.api.etcd.AuthUserGetRequest;
import io.jangada.api.etcd.AuthUserGetResponse;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.AuthUserGrantRoleResponse;
import io.jangada.api.etcd.AuthUserListRequest;
import io.jangada.api.etcd.AuthUserListResponse;
import io.jangada.api.etcd.AuthUserRevokeRoleRequest;
import io.jangada.api.etcd.AuthUserRevokeRoleResponse;
import io.jangada.api.etcd.AuthenticateRequest;
import io.jangada.api.etcd.AuthenticateResponse;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.server.auth.AuthState;
import io.jangada.server.auth.AuthStore;
import io.jangada.server.auth.Caller;
import io.jangada.server.auth.Passwords;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.function.Consumer;

/**
 * The Auth service. What changes users and roles goes through the log, with hashes in the place of
 * passwords; what reads them is linearizable.
 */
public final class AuthService extends AuthGrpc.AuthImplBase {
    private static final Permission EVERYTHING = Permission.newBuilder()
            .setPermType(Permission.Type.READWRITE)
            .setRangeEnd(ByteString.copyFrom(new byte[]{0})).build();

    private final LocalMember member;
    private final AuthStore auth;
    private final Passwords passwords;
    private final Authentication authentication;

    /** Serves {@code member}. */
    public AuthService(LocalMember member, AuthStore auth, Passwords passwords,
            Authentication authentication) {
        this.member = member;
        this.auth = auth;
        this.passwords = passwords;
        this.authentication = authentication;
    }

    @Override
    public void authenticate(AuthenticateRequest request,
            StreamObserver<AuthenticateResponse> out) {
        authentication.authenticate(request, out);
    }

    @Override
    public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> out) {
        read(out, state -> answer(out, AuthStatusResponse.newBuilder().setEnabled(state.enabled())
                .setAuthRevision(state.revision()).build()));
    }

    @Override
    public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthEnable(request), out);
    }

    @Override
    public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthDisable(request), out);
    }

    @Override
    public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> out) {
        AuthUserAddRequest.Builder entry = request.toBuilder().clearPassword()
                .clearHashedPassword();
        if (request.getName().isEmpty()) {
            out.onError(EtcdError.USER_EMPTY.exception());
        } else if (request.getOptions().getNoPassword()) {
            propose(InternalRaftRequest.newBuilder().setAuthUserAdd(entry), out);
        } else {
            hash(request.getPassword(), out, (hash, caller) -> propose(caller,
                    InternalRaftRequest.newBuilder()
                            .setAuthUserAdd(entry.setHashedPassword(hash)),
                    out));
        }
    }

    @Override
    public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> out) {
        read(out, state -> state.user(request.getName()).ifPresentOrElse(
                user -> answer(out,
                        AuthUserGetResponse.newBuilder().addAllRoles(user.getRolesList()).build()),
                () -> out.onError(EtcdError.USER_NOT_FOUND.exception())));
    }

    @Override
    public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> out) {
        read(out, state -> answer(out,
                AuthUserListResponse.newBuilder().addAllUsers(state.users().keySet()).build()));
    }

    @Override
    public void userDelete(AuthUserDeleteRequest request,
            StreamObserver<AuthUserDeleteResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthUserDelete(request), out);
    }

    @Override
    public void userChangePassword(AuthUserChangePasswordRequest request,
            StreamObserver<AuthUserChangePasswordResponse> out) {
        hash(request.getPassword(), out, (hash, caller) -> propose(caller,
                InternalRaftRequest.newBuilder().setAuthUserChangePassword(
                        request.toBuilder().clearPassword().setHashedPassword(hash)),
                out));
    }

    @Override
    public void userGrantRole(AuthUserGrantRoleRequest request,
            StreamObserver<AuthUserGrantRoleResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthUserGrantRole(request), out);
    }

    @Override
    public void userRevokeRole(AuthUserRevokeRoleRequest request,
            StreamObserver<AuthUserRevokeRoleResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthUserRevokeRole(request), out);
    }

    @Override
    public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleAdd(request), out);
    }

    @Override
    public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> out) {
        read(out, state -> {
            Role role = state.roles().get(request.getRole());
            if (role == null) {
                out.onError(EtcdError.ROLE_NOT_FOUND.exception());
                return;
            }
            AuthRoleGetResponse.Builder response = AuthRoleGetResponse.newBuilder();
            answer(out, request.getRole().equals(AuthState.ROOT)
                    ? response.addPerm(EVERYTHING).build()
                    : response.addAllPerm(role.getKeyPermissionList()).build());
        });
    }

    @Override
    public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> out) {
        read(out, state -> answer(out,
                AuthRoleListResponse.newBuilder().addAllRoles(state.roles().keySet()).build()));
    }

    @Override
    public void roleDelete(AuthRoleDeleteRequest request,
            StreamObserver<AuthRoleDeleteResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleDelete(request), out);
    }

    @Override
    public void roleGrantPermission(AuthRoleGrantPermissionRequest request,
            StreamObserver<AuthRoleGrantPermissionResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleGrantPermission(request), out);
    }

    @Override
    public void roleRevokePermission(AuthRoleRevokePermissionRequest request,
            StreamObserver<AuthRoleRevokePermissionResponse> out) {
        propose(InternalRaftRequest.newBuilder().setAuthRoleRevokePermission(request), out);
    }

    /** Goes on with a hash, for the caller of the request it belongs to. */
    @FunctionalInterface
    private interface Hashed {
        void with(String hash, Caller caller);
    }

    private void hash(String password, StreamObserver<?> out, Hashed then) {
        Caller caller = Caller.current();
        if (!Passwords.fits(password)) {
            out.onError(EtcdError.PASSWORD_TOO_LONG.exception());
        } else if (!passwords.hash(password, hash -> then.with(hash, caller))) {
            out.onError(EtcdError.TOO_MANY_REQUESTS.exception());
        }
    }

    private <T extends Message> void propose(InternalRaftRequest.Builder request,
            StreamObserver<T> out) {
        propose(Caller.current(), request, out);
    }

    @SuppressWarnings("unchecked") // The applier answers each request with its own response.
    private <T extends Message> void propose(Caller caller, InternalRaftRequest.Builder request,
            StreamObserver<T> out) {
        member.propose(caller, request.build(), new Unary<T>(out,
                (applied, revision) -> (T) withHeader((Message) applied, revision)));
    }

    private void read(StreamObserver<?> out, Consumer<AuthState> answer) {
        member.readIndex(() -> answer.accept(auth.state()),
                error -> out.onError(error.exception()));
    }

    @SuppressWarnings("unchecked") // A message's builder builds that message.
    private <T extends Message> void answer(StreamObserver<T> out, T response) {
        out.onNext((T) withHeader(response, member.store().revision()));
        out.onCompleted();
    }

    private MessageLite withHeader(Message response, long revision) {
        FieldDescriptor header = response.getDescriptorForType().findFieldByName("header");
        return response.toBuilder().setField(header, member.header(revision)).build();
    }
}
