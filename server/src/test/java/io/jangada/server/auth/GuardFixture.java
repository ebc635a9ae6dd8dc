// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthDisableRequest;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.WriteTxn;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.server.error.EtcdError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A guard over a store in memory, in virtual time. User {@code u} has a role that may read [b, f) by two
 * grants that touch, write [w, x), read and write {@code rw} and what starts with {@code own/}; user
 * {@code o} has a role for other keys; root may everything; auth is enabled.
 */
final class GuardFixture implements AutoCloseable, Barrier {
    static final Duration TTL = Duration.ofMinutes(5);
    static final Metadata.Key<String> TOKEN = Metadata.Key.of("token",
            Metadata.ASCII_STRING_MARSHALLER);

    final MvccStore store = MvccStore.open(new MemoryBackend());
    final AuthStore auth = new AuthStore();
    final SimpleTokens tokens;
    final AccessGuard guard;
    final List<Runnable> waiting = new ArrayList<>();
    final List<Consumer<EtcdError>> failing = new ArrayList<>();
    Optional<String> commonName = Optional.empty();
    long nowNanos;
    long index = 1;

    GuardFixture() {
        tokens = new SimpleTokens(TTL, () -> nowNanos, () -> index, new SplittableRandom(1));
        auth.observe(tokens);
        guard = new AccessGuard(auth, store, tokens, this, call -> commonName);
        try (ReadView view = store.view()) {
            auth.recover(view);
        }
        for (String name : List.of("root", "u", "o")) {
            apply(InternalRaftRequest.newBuilder().setAuthUserAdd(
                    AuthUserAddRequest.newBuilder().setName(name).setHashedPassword("hash")));
        }
        apply(InternalRaftRequest.newBuilder()
                .setAuthRoleAdd(AuthRoleAddRequest.newBuilder().setName("right")));
        apply(InternalRaftRequest.newBuilder()
                .setAuthRoleAdd(AuthRoleAddRequest.newBuilder().setName("wrong")));
        grantRole("root", "root");
        grantRole("u", "right");
        grantRole("o", "wrong");
        grant("right", Permission.Type.READ, "b", "d");
        grant("right", Permission.Type.READ, "d", "f");
        grant("right", Permission.Type.WRITE, "w", "x");
        grant("right", Permission.Type.READWRITE, "rw", "");
        grant("right", Permission.Type.READWRITE, "own/", "own0");
        grant("wrong", Permission.Type.READWRITE, "y", "z");
        apply(InternalRaftRequest.newBuilder()
                .setAuthEnable(AuthEnableRequest.getDefaultInstance()));
    }

    void disable() {
        apply(InternalRaftRequest.newBuilder()
                .setAuthDisable(AuthDisableRequest.getDefaultInstance()));
    }

    void grantRole(String user, String role) {
        apply(InternalRaftRequest.newBuilder().setAuthUserGrantRole(
                AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role)));
    }

    void grant(String role, Permission.Type type, String key, String end) {
        apply(InternalRaftRequest.newBuilder()
                .setAuthRoleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                        .setName(role).setPerm(Permission.newBuilder().setPermType(type)
                                .setKey(utf8(key)).setRangeEnd(utf8(end)))));
    }

    void revoke(String role, String key, String end) {
        apply(InternalRaftRequest.newBuilder().setAuthRoleRevokePermission(
                AuthRoleRevokePermissionRequest.newBuilder().setRole(role).setKey(utf8(key))
                        .setRangeEnd(utf8(end))));
    }

    /** As an entry that this member itself proposed. */
    void apply(InternalRaftRequest.Builder request) {
        List<Runnable> effects = new ArrayList<>();
        ApplyBatch batch = store.beginBatch();
        AuthOutcome outcome = auth.apply(batch, request.build(), ++index, effects).orElseThrow();
        if (outcome instanceof AuthOutcome.Refused(EtcdError error)) {
            throw new IllegalStateException(error.name());
        }
        auth.publish();
        batch.commit();
        effects.forEach(Runnable::run);
    }

    /** Attaches just {@code key} to {@link Places#LEASE}. */
    void attach(ByteString key) {
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        if (txn.lease(Places.LEASE).isPresent()) {
            txn.revokeLease(Places.LEASE);
        }
        txn.commit();
        txn = batch.begin();
        txn.grantLease(Places.LEASE, 60);
        txn.put(key, ByteString.EMPTY, Places.LEASE);
        txn.commit();
        batch.commit();
    }

    /** A token of {@code user}. */
    String token(String user) {
        String letters = tokens.letters();
        tokens.authenticated(user, SimpleTokens.digest(letters), index);
        return letters + "." + index;
    }

    static Metadata headers(String token) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return headers;
    }

    /** A call of {@code method} with {@code request}, all of which has come in. */
    @SuppressWarnings("unchecked") // The caller pairs methods with their requests.
    <B> FakeCall<Message, B> call(MethodDescriptor<?, ?> method, Message request,
            Metadata headers) {
        FakeCall<Message, B> call = new FakeCall<>((MethodDescriptor<Message, B>) method);
        ServerCall.Listener<Message> listener = guard.interceptCall(call, headers, call);
        listener.onMessage(request);
        listener.onHalfClose();
        return call;
    }

    @Override
    public void await(Runnable caughtUp, Consumer<EtcdError> failed) {
        waiting.add(caughtUp);
        failing.add(failed);
    }

    @Override
    public void close() {
        store.close();
    }

    static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
