// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.jangada.server.auth.Rules.Holds;
import io.jangada.server.auth.Rules.Rule;
import io.jangada.server.error.EtcdError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call, from both sides: requests that come in and answers that go out pass by here.
 *
 * <p>Two may end it: its service, and the guard. A call is not made for that, so there is a lock around
 * what either does to it; what the service still says after the end is dropped.
 */
final class GuardedCall<A, B> extends SimpleForwardingServerCall<A, B> {
    private static final Context.Key<Optional<EtcdError>> REFUSAL = Context
            .keyWithDefault("refusal", Optional.empty());

    private final AccessGuard guard;
    private final Rule rule;
    private final Credential credential;
    private final Context context;
    private final EventQueue events = new EventQueue();
    private ServerCall.@Nullable Listener<A> service;
    /** Whose request was let in last, what it needed, and by which state that was decided; under the lock. */
    private Caller caller = Caller.ANONYMOUS;
    private Need need = RequestNeeds.NOTHING;
    private @Nullable AuthState decidedBy;
    private boolean closed;
    /** In which the service is called; only by the event that runs. */
    private Context asCaller;

    GuardedCall(AccessGuard guard, ServerCall<A, B> call, Rule rule, Credential credential) {
        super(call);
        this.guard = guard;
        this.rule = rule;
        this.credential = credential;
        this.context = Context.current().withValue(Credential.Headers.KEY, credential);
        this.asCaller = context;
    }

    /** Why the request that is being handled on this thread is refused, where its service tells so. */
    static Optional<EtcdError> currentRefusal() {
        return REFUSAL.get();
    }

    ServerCall.Listener<A> start(Metadata headers, ServerCallHandler<A, B> next) {
        Context before = context.attach();
        ServerCall.Listener<A> started;
        try {
            started = next.startCall(this, headers);
        } finally {
            context.detach(before);
        }
        synchronized (this) {
            service = started;
        }
        if (rule.holds() == Holds.WHILE_ANSWERED
                && getMethodDescriptor().getType() != MethodType.UNARY) {
            guard.opened(this);
        }
        return new Incoming(started);
    }

    private final class Incoming extends ServerCall.Listener<A> {
        private final ServerCall.Listener<A> to;

        Incoming(ServerCall.Listener<A> to) {
            this.to = to;
        }

        @Override
        public void onMessage(A message) {
            events.run(() -> decide(to, message, true));
        }

        @Override
        public void onHalfClose() {
            events.run(() -> asCaller.run(to::onHalfClose));
        }

        @Override
        public void onReady() {
            events.run(() -> asCaller.run(to::onReady));
        }

        @Override
        public void onCancel() {
            events.run(() -> {
                guard.closed(GuardedCall.this);
                asCaller.run(to::onCancel);
            });
        }

        @Override
        public void onComplete() {
            events.run(() -> {
                guard.closed(GuardedCall.this);
                asCaller.run(to::onComplete);
            });
        }
    }

    private void decide(ServerCall.Listener<A> to, A message, boolean mayWait) {
        AuthState state = guard.state();
        Need needed = rule.need().apply((MessageLite) message);
        if (!state.enabled() || needed instanceof Need.Nothing) {
            letIn(to, message, Caller.ANONYMOUS, needed, state);
            return;
        }
        switch (guard.resolve(credential, state)) {
            case Tokens.Known(Caller known) -> guard.refusal(state, known, needed)
                    .ifPresentOrElse(refusal -> refuse(to, message, refusal),
                            () -> letIn(to, message, known, needed, state));
            case Tokens.Unknown ignored -> refuse(to, message, EtcdError.INVALID_AUTH_TOKEN);
            case Tokens.Later ignored -> {
                if (mayWait) {
                    events.hold();
                    guard.await(() -> events.release(() -> decide(to, message, false)),
                            error -> events.release(() -> refuse(to, message, error)));
                } else {
                    refuse(to, message, EtcdError.INVALID_AUTH_TOKEN);
                }
            }
        }
    }

    private void letIn(ServerCall.Listener<A> to, A message, Caller known, Need needed,
            AuthState state) {
        synchronized (this) {
            if (closed) {
                return;
            }
            caller = known;
            need = needed;
            decidedBy = state;
        }
        asCaller = context.withValue(Caller.KEY, known);
        asCaller.run(() -> to.onMessage(message));
    }

    private void refuse(ServerCall.Listener<A> to, A message, EtcdError error) {
        if (rule.holds() == Holds.IN_THE_STREAM) {
            context.withValue(REFUSAL, Optional.of(error)).run(() -> to.onMessage(message));
        } else {
            end(error);
        }
    }

    private void end(EtcdError error) {
        ServerCall.Listener<A> ended;
        synchronized (this) {
            ended = service;
            if (closed) {
                return;
            }
            close(error.status(), new Metadata());
        }
        if (ended != null) {
            context.run(ended::onCancel);
        }
    }

    /** Ends it if its caller may no longer. */
    void lookAgain() {
        changedRefusal().ifPresent(this::end);
    }

    /* A stream goes on as long as its caller may, at whatever revision; one answer to one request belongs to
     * the revision at which it was decided (etcd: doSerialize). */
    private synchronized Optional<EtcdError> changedRefusal() {
        AuthState state = guard.state();
        if (state == decidedBy || decidedBy == null) {
            return Optional.empty();
        }
        Caller asOfNow = getMethodDescriptor().getType() == MethodType.UNARY
                ? caller
                : caller.at(state.revision());
        Optional<EtcdError> refusal = guard.refusal(state, asOfNow, need);
        if (refusal.isEmpty()) {
            decidedBy = state;
        }
        return refusal;
    }

    private Optional<EtcdError> refusalOfAnswer(B message) {
        Optional<EtcdError> refusal = changedRefusal();
        Need told = RequestNeeds.told((MessageLite) message);
        if (refusal.isPresent() || told instanceof Need.Nothing) {
            return refusal;
        }
        synchronized (this) {
            return guard.refusal(guard.state(), caller, told);
        }
    }

    @Override
    public void sendMessage(B message) {
        Optional<EtcdError> refusal = rule.holds() == Holds.WHILE_ANSWERED
                ? refusalOfAnswer(message)
                : Optional.empty();
        if (refusal.isPresent()) {
            end(refusal.get());
            return;
        }
        synchronized (this) {
            if (!closed) {
                super.sendMessage(message);
            }
        }
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!closed) {
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!closed) {
            closed = true;
            guard.closed(this);
            super.close(status, trailers);
        }
    }
}
