// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.jangada.api.auth.Role;
import io.jangada.api.auth.User;
import io.jangada.api.etcd.AuthenticateResponse;
import io.jangada.api.etcd.InternalAuthenticateRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.CorruptStoreException;
import io.jangada.mvcc.ReadView;
import io.jangada.server.error.EtcdError;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Users and roles as part of the state machine: kept with the rest in the store, and so in snapshots.
 *
 * <p>Threads: the apply loop, but for {@link #state}, {@link #observe} and {@link #onChange}.
 */
public final class AuthStore {
    private static final byte FORMAT = 1;
    static final ByteString STATE = ByteString.copyFromUtf8("auth/state");
    static final ByteString USER = ByteString.copyFromUtf8("auth/user/");
    static final ByteString ROLE = ByteString.copyFromUtf8("auth/role/");

    private final List<AuthObserver> observers = new CopyOnWriteArrayList<>();
    private final List<Runnable> changeListeners = new CopyOnWriteArrayList<>();
    /** With what the open batch has changed. */
    private AuthState working = AuthState.NEW;
    /** Written by the apply loop before a batch becomes visible, so that nobody reads data by older rules. */
    private volatile AuthState published = AuthState.UNKNOWN;

    /** A store that lets nobody do anything until it {@linkplain #recover recovers}. */
    public AuthStore() {}

    /** As of the last batch. Any thread. */
    public AuthState state() {
        return published;
    }

    /** Adds one who hears of sessions. Any thread. */
    public void observe(AuthObserver observer) {
        observers.add(observer);
    }

    /** Adds one who is called, by the apply loop, after {@link #state} has changed. Any thread. */
    public void onChange(Runnable listener) {
        changeListeners.add(listener);
    }

    /**
     * Reads what the store has, at the start or after a snapshot came; no token counts from then on.
     *
     * @throws CorruptStoreException if it is not what this version writes
     */
    public void recover(ReadView view) {
        working = stored(view);
        observers.forEach(AuthObserver::allSessionsEnded);
        publish();
    }

    /**
     * The users and roles in {@code view}. Any thread.
     *
     * @throws CorruptStoreException if they are not what this version writes
     */
    public static AuthState stored(ReadView view) {
        try {
            return read(view);
        } catch (InvalidProtocolBufferException malformed) {
            throw new CorruptStoreException("stored users and roles", malformed);
        }
    }

    private static AuthState read(ReadView view) throws InvalidProtocolBufferException {
        Optional<ByteString> stored = view.meta(STATE);
        if (stored.isEmpty()) {
            return AuthState.NEW;
        }
        ByteString row = stored.get();
        if (row.size() != 2 + Long.BYTES || row.byteAt(0) != FORMAT) {
            throw new CorruptStoreException("stored state of authentication of " + row.size()
                    + " bytes, format " + (row.isEmpty() ? "none" : row.byteAt(0)));
        }
        SortedMap<String, User> users = new TreeMap<>();
        for (ByteString one : view.metaByPrefix(USER).values()) {
            User user = User.parseFrom(one);
            users.put(user.getName().toStringUtf8(), user);
        }
        SortedMap<String, Role> roles = new TreeMap<>();
        for (ByteString one : view.metaByPrefix(ROLE).values()) {
            Role role = Role.parseFrom(one);
            roles.put(role.getName().toStringUtf8(), role);
        }
        return new AuthState(row.byteAt(1) != 0, row.substring(2).asReadOnlyByteBuffer().getLong(),
                users, roles);
    }

    /** Why the entry {@code request} must change nothing, judged by whom its header names; empty if it may. */
    public Optional<EtcdError> refusal(ApplyBatch batch, InternalRaftRequest request) {
        return working.enabled()
                ? Decision.refusal(working, Caller.of(request.getHeader()),
                        EntryRules.need(request), batch::leaseKeys)
                : Optional.empty();
    }

    /**
     * Applies {@code request}; empty if it is not about users and roles.
     *
     * @param index the entry's
     * @param effects gets what is to be done once the batch is visible
     */
    public Optional<AuthOutcome> apply(ApplyBatch batch, InternalRaftRequest request, long index,
            List<Runnable> effects) {
        return AuthCommands.apply(working, request).map(outcome -> switch (outcome) {
            case AuthOutcome.Refused refused -> refused;
            case AuthOutcome.Done done -> {
                write(batch, done.state());
                working = done.state();
                tell(request, index, effects);
                yield request.hasAuthenticate()
                        ? new AuthOutcome.Done(working, AuthenticateResponse.newBuilder()
                                .setToken(Long.toString(index)).build())
                        : done;
            }
        });
    }

    /* What differs, rather than what a command says it changes: so nothing is forgotten. */
    private void write(ApplyBatch batch, AuthState next) {
        if (next == working) {
            return;
        }
        batch.putMeta(STATE, stateRow(next.enabled(), next.revision()));
        write(batch, USER, working.users(), next.users());
        write(batch, ROLE, working.roles(), next.roles());
    }

    /** How whether users count, and their revision, are stored. */
    static ByteString stateRow(boolean enabled, long revision) {
        return ByteString.copyFrom(ByteBuffer.allocate(2 + Long.BYTES).put(FORMAT)
                .put((byte) (enabled ? 1 : 0)).putLong(revision).flip());
    }

    private static void write(ApplyBatch batch, ByteString prefix,
            Map<String, ? extends MessageLite> before,
            Map<String, ? extends MessageLite> after) {
        after.forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                batch.putMeta(prefix.concat(ByteString.copyFromUtf8(name)), value.toByteString());
            }
        });
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(
                name -> batch.deleteMeta(prefix.concat(ByteString.copyFromUtf8(name))));
    }

    private void tell(InternalRaftRequest request, long index, List<Runnable> effects) {
        if (request.hasAuthenticate()) {
            InternalAuthenticateRequest made = request.getAuthenticate();
            effects.add(() -> observers.forEach(one -> one.authenticated(made.getName(),
                    made.getSimpleToken(), index)));
        } else if (request.hasAuthUserDelete()) {
            ended(request.getAuthUserDelete().getName(), effects);
        } else if (request.hasAuthUserChangePassword()) {
            ended(request.getAuthUserChangePassword().getName(), effects);
        } else if (request.hasAuthDisable()) {
            effects.add(() -> observers.forEach(AuthObserver::allSessionsEnded));
        }
    }

    private void ended(String user, List<Runnable> effects) {
        effects.add(() -> observers.forEach(one -> one.sessionsEnded(user)));
    }

    /** Makes what was applied count; called before the batch becomes visible. */
    public void publish() {
        if (published != working) {
            published = working;
            changeListeners.forEach(Runnable::run);
        }
    }
}
