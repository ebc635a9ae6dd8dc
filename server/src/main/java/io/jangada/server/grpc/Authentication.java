// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.stub.StreamObserver;
import io.jangada.api.auth.User;
import io.jangada.api.etcd.AuthenticateRequest;
import io.jangada.api.etcd.AuthenticateResponse;
import io.jangada.api.etcd.InternalAuthenticateRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.server.auth.AuthState;
import io.jangada.server.auth.AuthStore;
import io.jangada.server.auth.Caller;
import io.jangada.server.auth.JwtTokens;
import io.jangada.server.auth.Passwords;
import io.jangada.server.auth.SimpleTokens;
import io.jangada.server.auth.Tokens;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a token for a password (etcd: Authenticate). The password is checked here, against users as new as
 * the call; that nothing has changed meanwhile is checked where the entry that makes the token known is
 * applied, or, without such an entry, by the revision in the token. Thread-safe.
 */
public final class Authentication {
    private static final Logger LOGGER = LoggerFactory.getLogger(Authentication.class);
    private static final int ATTEMPTS = 5;

    private final LocalMember member;
    private final AuthStore auth;
    private final Passwords passwords;
    private final Tokens tokens;

    /** For {@code member}. */
    public Authentication(LocalMember member, AuthStore auth, Passwords passwords,
            Tokens tokens) {
        this.member = member;
        this.auth = auth;
        this.passwords = passwords;
        this.tokens = tokens;
    }

    void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> out) {
        member.readIndex(() -> check(request, out, ATTEMPTS),
                error -> out.onError(error.exception()));
    }

    private void check(AuthenticateRequest request, StreamObserver<AuthenticateResponse> out,
            int attempts) {
        AuthState state = auth.state();
        if (!state.enabled()) {
            out.onError(EtcdError.AUTH_NOT_ENABLED.exception());
            return;
        }
        Optional<User> user = state.user(request.getName());
        if (user.isPresent() && user.get().getOptions().getNoPassword()) {
            refuse(request, out, EtcdError.NO_PASSWORD_USER);
            return;
        }
        ByteString hash = user.map(User::getPassword).orElse(ByteString.EMPTY);
        boolean accepted = passwords.check(request.getName(), request.getPassword(), hash,
                isRight -> {
                    if (isRight) {
                        give(request.getName(), state.revision(),
                                new Reply(request, out, attempts));
                    } else {
                        refuse(request, out, EtcdError.AUTH_FAILED);
                    }
                });
        if (!accepted) {
            refuse(request, out, EtcdError.TOO_MANY_REQUESTS);
        }
    }

    private static void refuse(AuthenticateRequest request,
            StreamObserver<AuthenticateResponse> out, EtcdError error) {
        LOGGER.warn("invalid authentication was requested user={} error={}", request.getName(),
                error);
        out.onError(error.exception());
    }

    /** What becomes of giving a token. */
    interface Answer {
        /** It was given; empty if nobody needs one. Read from a state of {@code revision}. */
        void given(String token, long revision);

        /** It was not, or who knows. */
        void failed(EtcdError error);
    }

    /**
     * Gives a token to {@code user}, who is known by other means than a password; none if authentication is off.
     * Any thread.
     */
    void give(String user, Answer answer) {
        AuthState state = auth.state();
        if (state.enabled()) {
            give(user, state.revision(), answer);
        } else {
            answer.given("", member.store().revision());
        }
    }

    private void give(String user, long checkedRevision, Answer answer) {
        switch (tokens) {
            case JwtTokens jwt -> jwt.give(user, checkedRevision).ifPresentOrElse(
                    token -> answer.given(token, member.store().revision()),
                    () -> answer.failed(EtcdError.VERIFY_ONLY_KEY));
            case SimpleTokens simple -> propose(user, checkedRevision, simple.letters(), answer);
        }
    }

    private void propose(String user, long checkedRevision, String letters, Answer answer) {
        InternalRaftRequest entry = InternalRaftRequest.newBuilder()
                .setAuthenticate(InternalAuthenticateRequest.newBuilder().setName(user)
                        .setSimpleToken(SimpleTokens.digest(letters)))
                .build();
        member.propose(new Caller("", checkedRevision), entry, new LocalMember.Answer() {
            @Override
            public void done(MessageLite response, long revision) {
                String index = ((AuthenticateResponse) response).getToken();
                answer.given(letters + "." + index, revision);
            }

            @Override
            public void failed(EtcdError error) {
                answer.failed(error);
            }
        });
    }

    /** To a client that said a password, once it was found right. */
    private final class Reply implements Answer {
        private final AuthenticateRequest request;
        private final StreamObserver<AuthenticateResponse> out;
        private final int attempts;

        Reply(AuthenticateRequest request, StreamObserver<AuthenticateResponse> out,
                int attempts) {
            this.request = request;
            this.out = out;
            this.attempts = attempts;
        }

        @Override
        public void given(String token, long revision) {
            out.onNext(AuthenticateResponse.newBuilder().setHeader(member.header(revision))
                    .setToken(token).build());
            out.onCompleted();
        }

        @Override
        public void failed(EtcdError error) {
            if (error == EtcdError.AUTH_OLD_REVISION && attempts > 1) {
                check(request, out, attempts - 1);
            } else {
                out.onError(error.exception());
            }
        }
    }
}
