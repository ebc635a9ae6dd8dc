// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.server.auth.Rules.Rule;
import io.jangada.server.error.EtcdError;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one place that every call passes: each request is decided by the rule of its method, over its decoded
 * message, before the service sees it; a method without a rule is refused. What a read tells is decided
 * again, where users or roles have changed since, before it leaves; open streams are looked at when they
 * change. Thread-safe.
 */
public final class AccessGuard implements ServerInterceptor {
    private final AuthStore auth;
    private final MvccStore store;
    private final Tokens tokens;
    private final Barrier barrier;
    private final Function<ServerCall<?, ?>, Optional<String>> commonName;
    private final Set<GuardedCall<?, ?>> streams = ConcurrentHashMap.newKeySet();

    /**
     * A guard of what {@code store} has.
     *
     * @param commonName that of the certificate by which a call's user is known, if any
     */
    public AccessGuard(AuthStore auth, MvccStore store, Tokens tokens, Barrier barrier,
            Function<ServerCall<?, ?>, Optional<String>> commonName) {
        this.auth = auth;
        this.store = store;
        this.tokens = tokens;
        this.barrier = barrier;
        this.commonName = commonName;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        Optional<Rule> rule = Rules.of(call.getMethodDescriptor().getFullMethodName());
        if (rule.isEmpty()) {
            call.close(EtcdError.PERMISSION_DENIED.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        Credential credential = Credential.of(headers, commonName.apply(call));
        return new GuardedCall<>(this, call, rule.get(), credential).start(headers, next);
    }

    /**
     * Why the request that is being handled on this thread is refused: for the Watch service, which tells so in
     * its stream; everybody else sees only what was let in.
     */
    public static Optional<EtcdError> currentRefusal() {
        return GuardedCall.currentRefusal();
    }

    /** Ends the streams whose caller may no longer. After users or roles have changed; any thread. */
    public void lookAgain() {
        List.copyOf(streams).forEach(GuardedCall::lookAgain);
    }

    /** Whether {@code user} may go on watching {@code request}'s keys; why not, if not. Any thread. */
    public Optional<EtcdError> refusal(Caller caller,
            WatchCreateRequest request) {
        AuthState state = auth.state();
        return refusal(state, caller.at(state.revision()), RequestNeeds.watch(request));
    }

    /** Changes, by identity, when users or roles do. Any thread. */
    public AuthState state() {
        return auth.state();
    }

    Optional<EtcdError> refusal(AuthState state, Caller caller, Need need) {
        return Decision.refusal(state, caller, need, this::leaseKeys);
    }

    private List<ByteString> leaseKeys(long id) {
        try (ReadView view = store.view()) {
            return view.leaseKeys(id);
        }
    }

    Tokens.Named resolve(Credential credential, AuthState state) {
        return switch (credential) {
            case Credential.None ignored -> new Tokens.Known(Caller.ANONYMOUS);
            case Credential.Token(String text) -> tokens.resolve(text, state.revision());
            case Credential.CommonName(String user) ->
                new Tokens.Known(new Caller(user, state.revision()));
        };
    }

    void await(Runnable caughtUp, Consumer<EtcdError> failed) {
        barrier.await(caughtUp, failed);
    }

    void opened(GuardedCall<?, ?> stream) {
        streams.add(stream);
    }

    void closed(GuardedCall<?, ?> stream) {
        streams.remove(stream);
    }
}
