// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.jangada.api.auth.Permission;
import io.jangada.api.election.ElectionGrpc;
import io.jangada.api.election.LeaderRequest;
import io.jangada.api.election.LeaderResponse;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthUserChangePasswordRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseKeepAliveRequest;
import io.jangada.api.etcd.LeaseTimeToLiveRequest;
import io.jangada.api.etcd.LeaseTimeToLiveResponse;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.server.error.EtcdError;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the guard does besides deciding: waiting, looking again, telling who calls. */
final class AccessGuardTest {
    private static final RangeRequest READ = RangeRequest.newBuilder().setKey(utf8("b")).build();
    private static final PutRequest WRITE = PutRequest.newBuilder().setKey(utf8("w")).build();

    private final GuardFixture fixture = new GuardFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aMethodWithoutARuleIsRefusedEvenWithoutAuth() {
        fixture.disable();
        MethodDescriptor<?, ?> unheardOf = KVGrpc.getRangeMethod().toBuilder()
                .setFullMethodName("etcdserverpb.KV/Unheard").build();
        FakeCall<Message, Message> call = fixture.call(unheardOf, READ, new Metadata());
        assertThat(call.closedWith).isEqualTo(EtcdError.PERMISSION_DENIED.status());
        assertThat(call.received).isEmpty();
    }

    @Test
    void theServiceIsToldWhoCalls() {
        FakeCall<Message, Message> call = fixture.call(KVGrpc.getPutMethod(), WRITE, asUser());
        assertThat(call.callers)
                .containsExactly(new Caller("u", fixture.auth.state().revision()));
        assertThat(Caller.current()).isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void aTokenMayComeAsAuthorization() {
        for (String prefix : new String[]{"", "Bearer "}) {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    prefix + fixture.token("u"));
            assertThat(fixture.call(KVGrpc.getPutMethod(), WRITE, headers).received).hasSize(1);
        }
    }

    @Test
    void theCertificateOfAGatewayIsNobodys() {
        fixture.commonName = Optional.of("u");
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("grpcgateway-accept", Metadata.ASCII_STRING_MARSHALLER), "*/*");
        assertThat(fixture.call(KVGrpc.getPutMethod(), WRITE, headers).closedWith)
                .isEqualTo(EtcdError.USER_EMPTY.status());
    }

    @Test
    void aTokenThatIsYetToBeLearnedIsWaitedFor() {
        String letters = fixture.tokens.letters();
        long later = fixture.index + 1;
        FakeCall<Message, Message> call = fixture.call(KVGrpc.getPutMethod(), WRITE,
                GuardFixture.headers(letters + "." + later));
        assertThat(call.received).isEmpty();
        assertThat(call.halfClosed).isFalse();
        fixture.tokens.authenticated("u", SimpleTokens.digest(letters), later);
        fixture.waiting.getFirst().run();
        assertThat(call.received).containsExactly(WRITE);
        assertThat(call.halfClosed).as("and in order").isTrue();
        assertThat(call.callers)
                .containsExactly(new Caller("u", fixture.auth.state().revision()));
    }

    @Test
    void aTokenThatNeverComesIsRefused() {
        FakeCall<Message, Message> call = fixture.call(KVGrpc.getPutMethod(), WRITE,
                GuardFixture.headers("made-up.99"));
        fixture.waiting.getFirst().run();
        assertThat(call.closedWith).isEqualTo(EtcdError.INVALID_AUTH_TOKEN.status());
        assertThat(call.received).isEmpty();
    }

    @Test
    void whoCannotCatchUpSaysSo() {
        FakeCall<Message, Message> call = fixture.call(KVGrpc.getPutMethod(), WRITE,
                GuardFixture.headers("made-up.99"));
        fixture.failing.getFirst().accept(EtcdError.TIMEOUT);
        assertThat(call.closedWith).isEqualTo(EtcdError.TIMEOUT.status());
        assertThat(call.received).isEmpty();
    }

    @Test
    void aReadDecidedByOldRulesIsNotAnswered() {
        FakeCall<Message, RangeResponse> call = fixture.call(KVGrpc.getRangeMethod(), READ,
                asUser());
        fixture.revoke("right", "b", "d");
        call.asService().sendMessage(RangeResponse.getDefaultInstance());
        assertThat(call.sent).isEmpty();
        assertThat(call.closedWith).isEqualTo(EtcdError.AUTH_OLD_REVISION.status());
    }

    @Test
    void aReadBegunBeforeAuthWasEnabledIsNotAnswered() {
        fixture.disable();
        FakeCall<Message, RangeResponse> call = fixture.call(KVGrpc.getRangeMethod(), READ,
                new Metadata());
        fixture.apply(InternalRaftRequest.newBuilder()
                .setAuthEnable(AuthEnableRequest.getDefaultInstance()));
        call.asService().sendMessage(RangeResponse.getDefaultInstance());
        assertThat(call.sent).isEmpty();
        assertThat(call.closedWith).isEqualTo(EtcdError.USER_EMPTY.status());
    }

    @Test
    void aWriteThatWasAppliedIsAnsweredWhateverChanged() {
        FakeCall<Message, PutResponse> call = fixture.call(KVGrpc.getPutMethod(), WRITE, asUser());
        fixture.revoke("right", "w", "x");
        call.asService().sendMessage(PutResponse.getDefaultInstance());
        assertThat(call.sent).hasSize(1);
    }

    @Test
    void aStreamEndsWhenItsCallerMayNoLonger() {
        FakeCall<Message, LeaderResponse> call = fixture.call(ElectionGrpc.getObserveMethod(),
                LeaderRequest.newBuilder().setName(utf8("own")).build(), asUser());
        fixture.grant("right", Permission.Type.READ, "zz", "");
        fixture.guard.lookAgain();
        call.asService().sendMessage(LeaderResponse.getDefaultInstance());
        assertThat(call.sent).as("what changed is not its business").hasSize(1);
        assertThat(call.closedWith).isNull();
        fixture.revoke("right", "own/", "own0");
        fixture.guard.lookAgain();
        assertThat(call.closedWith).isEqualTo(EtcdError.PERMISSION_DENIED.status());
        assertThat(call.serviceCanceled).isTrue();
        call.asService().sendMessage(LeaderResponse.getDefaultInstance());
        assertThat(call.sent).hasSize(1);
    }

    @Test
    void keysThatWereAttachedMeanwhileAreNotTold() {
        fixture.attach(utf8("b"));
        FakeCall<Message, LeaseTimeToLiveResponse> call = fixture.call(
                LeaseGrpc.getLeaseTimeToLiveMethod(), LeaseTimeToLiveRequest.newBuilder()
                        .setID(Places.LEASE).setKeys(true).build(),
                asUser());
        call.asService().sendMessage(LeaseTimeToLiveResponse.newBuilder().addKeys(utf8("b"))
                .addKeys(utf8("secret")).build());
        assertThat(call.sent).isEmpty();
        assertThat(call.closedWith).isEqualTo(EtcdError.PERMISSION_DENIED.status());
    }

    @Test
    void theTokensOfAPasswordThatChangedAreOver() {
        Metadata headers = asUser();
        assertThat(fixture.call(KVGrpc.getPutMethod(), WRITE, headers).received).hasSize(1);
        fixture.apply(InternalRaftRequest.newBuilder().setAuthUserChangePassword(
                AuthUserChangePasswordRequest.newBuilder().setName("u").setHashedPassword("h")));
        assertThat(fixture.call(KVGrpc.getPutMethod(), WRITE, headers).closedWith)
                .isEqualTo(EtcdError.INVALID_AUTH_TOKEN.status());
    }

    @Test
    void eachRequestOfAStreamIsDecided() {
        FakeCall<Message, Message> call = cast(new FakeCall<>(LeaseGrpc.getLeaseKeepAliveMethod()));
        ServerCall.Listener<Message> listener = fixture.guard.interceptCall(call, asUser(), call);
        Message renewal = LeaseKeepAliveRequest.newBuilder().setID(1).build();
        listener.onMessage(renewal);
        fixture.tokens.sessionsEnded("u");
        listener.onMessage(renewal);
        assertThat(call.received).hasSize(1);
        assertThat(call.closedWith).isEqualTo(EtcdError.INVALID_AUTH_TOKEN.status());
        assertThat(call.serviceCanceled).isTrue();
    }

    @Test
    void aCredentialDoesNotTellItself() {
        assertThat(new Credential.Token("secret.7").toString()).doesNotContain("secret");
    }

    @SuppressWarnings("unchecked") // For the guard a message is a message.
    private static <A, B> FakeCall<Message, Message> cast(FakeCall<A, B> call) {
        return (FakeCall<Message, Message>) (FakeCall<?, ?>) call;
    }

    private Metadata asUser() {
        return GuardFixture.headers(fixture.token("u"));
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
