// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthDisableRequest;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleListRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthStatusRequest;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserChangePasswordRequest;
import io.jangada.api.etcd.AuthUserGetRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.AuthUserListRequest;
import io.jangada.api.etcd.AuthenticateRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.server.config.AuthConfig;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.error.EtcdError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One member with users and roles, over its real socket: what a client goes through. */
@Timeout(60)
final class EtcdServerAuthTest {
    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;
    @SuppressWarnings("NullAway.Init") // Before each test.
    private EtcdServer server;
    @SuppressWarnings("NullAway.Init") // Before each test.
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        open();
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
        for (String user : List.of("root", "u")) {
            assertThat(auth.userAdd(AuthUserAddRequest.newBuilder().setName(user)
                    .setPassword(PASSWORD).build()).hasHeader()).isTrue();
        }
        auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("r").build());
        grant(auth);
        auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root")
                .build());
        auth.userGrantRole(
                AuthUserGrantRoleRequest.newBuilder().setUser("u").setRole("r").build());
        auth.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private void open() throws Exception {
        server = EtcdServer.start(ServerConfig.builder("m", folder.resolve("data"))
                .listenClientUrls("http://127.0.0.1:0").advertiseClientUrls("http://127.0.0.1:1")
                .listenPeerUrls("http://127.0.0.1:0")
                .initialAdvertisePeerUrls("http://127.0.0.1:2")
                .initialCluster("m=http://127.0.0.1:2").heartbeatIntervalMillis(10)
                .electionTimeoutMillis(100)
                .auth(AuthConfig.parse("simple", 300, 4)).build());
        server.ready().get(30, TimeUnit.SECONDS);
        channel = NettyChannelBuilder
                .forAddress("127.0.0.1", server.clientAddresses().getFirst().getPort())
                .usePlaintext().build();
    }

    @Test
    void aPasswordGivesATokenAndATokenGivesAccess() {
        KVGrpc.KVBlockingStub kv = as("u", KVGrpc.newBlockingStub(channel));
        assertThat(kv.put(put("k/1")).getHeader().getRevision()).isEqualTo(2);
        assertThat(kv.range(RangeRequest.newBuilder().setKey(utf8("k/1")).build()).getCount())
                .isEqualTo(1);
        refused(EtcdError.PERMISSION_DENIED, () -> kv.put(put("other")));
        refused(EtcdError.USER_EMPTY, () -> KVGrpc.newBlockingStub(channel).put(put("k/1")));
        refused(EtcdError.INVALID_AUTH_TOKEN,
                () -> with("made-up.3", KVGrpc.newBlockingStub(channel)).put(put("k/1")));
        refused(EtcdError.INVALID_AUTH_TOKEN,
                () -> with("made-up.99999", KVGrpc.newBlockingStub(channel)).put(put("k/1")));
        refused(EtcdError.AUTH_FAILED, () -> token("u", "wrong"));
        refused(EtcdError.AUTH_FAILED, () -> token("nobody", PASSWORD));
    }

    @Test
    void anotherPasswordEndsTheSessions() {
        KVGrpc.KVBlockingStub kv = as("u", KVGrpc.newBlockingStub(channel));
        as("root", AuthGrpc.newBlockingStub(channel)).userChangePassword(
                AuthUserChangePasswordRequest.newBuilder().setName("u").setPassword("new")
                        .build());
        refused(EtcdError.INVALID_AUTH_TOKEN, () -> kv.put(put("k/1")));
        refused(EtcdError.AUTH_FAILED, () -> token("u", PASSWORD));
        assertThat(token("u", "new")).contains(".");
    }

    @Test
    void usersAndRolesAreTold() {
        AuthGrpc.AuthBlockingStub root = as("root", AuthGrpc.newBlockingStub(channel));
        AuthGrpc.AuthBlockingStub user = as("u", AuthGrpc.newBlockingStub(channel));
        assertThat(root.userList(AuthUserListRequest.getDefaultInstance()).getUsersList())
                .containsExactly("root", "u");
        assertThat(root.roleList(AuthRoleListRequest.getDefaultInstance()).getRolesList())
                .containsExactly("r");
        assertThat(user.userGet(AuthUserGetRequest.newBuilder().setName("u").build())
                .getRolesList()).containsExactly("r");
        assertThat(user.roleGet(AuthRoleGetRequest.newBuilder().setRole("r").build())
                .getPermCount()).isEqualTo(1);
        refused(EtcdError.USER_NOT_FOUND, () -> root
                .userGet(AuthUserGetRequest.newBuilder().setName("nobody").build()));
        refused(EtcdError.ROLE_NOT_FOUND,
                () -> root.roleGet(AuthRoleGetRequest.newBuilder().setRole("root").build()));
        var status = AuthGrpc.newBlockingStub(channel)
                .authStatus(AuthStatusRequest.getDefaultInstance());
        assertThat(status.getEnabled()).isTrue();
        assertThat(status.getAuthRevision()).isEqualTo(7);
    }

    @Test
    void aPasswordThatIsTooLongIsRefused() {
        refused(EtcdError.PASSWORD_TOO_LONG, () -> as("root", AuthGrpc.newBlockingStub(channel))
                .userAdd(AuthUserAddRequest.newBuilder().setName("v")
                        .setPassword("x".repeat(73)).build()));
    }

    @Test
    void aWatchEndsWhenItsPermissionDoes() throws Exception {
        var watch = new Watching(as("u", WatchGrpc.newStub(channel)));
        watch.create("other");
        WatchResponse denied = watch.next();
        assertThat(denied.getCreated() && denied.getCanceled()).isTrue();
        assertThat(denied.getWatchId()).isEqualTo(-1);
        assertThat(denied.getCancelReason()).isEqualTo(
                "rpc error: code = PermissionDenied desc = etcdserver: permission denied");
        watch.create("k/1");
        assertThat(watch.next().getCanceled()).isFalse();
        AuthGrpc.AuthBlockingStub root = as("root", AuthGrpc.newBlockingStub(channel));
        root.roleAdd(AuthRoleAddRequest.newBuilder().setName("unrelated").build());
        as("root", KVGrpc.newBlockingStub(channel)).put(put("k/1"));
        assertThat(watch.next().getEventsCount()).as("goes on").isEqualTo(1);
        root.roleRevokePermission(AuthRoleRevokePermissionRequest.newBuilder().setRole("r")
                .setKey(utf8("k/")).setRangeEnd(utf8("k0")).build());
        WatchResponse ended = watch.next();
        assertThat(ended.getCanceled()).isTrue();
        assertThat(ended.getWatchId()).isZero();
        assertThat(ended.getCancelReason()).endsWith("desc = etcdserver: permission denied");
    }

    @Test
    void aWatchFromBeforeAuthEndsWithIt() throws Exception {
        as("root", AuthGrpc.newBlockingStub(channel))
                .authDisable(AuthDisableRequest.getDefaultInstance());
        var watch = new Watching(WatchGrpc.newStub(channel));
        watch.create("k/1");
        assertThat(watch.next().getCanceled()).isFalse();
        AuthGrpc.newBlockingStub(channel).authEnable(AuthEnableRequest.getDefaultInstance());
        assertThat(watch.next().getCancelReason()).isEqualTo(
                "rpc error: code = InvalidArgument desc = etcdserver: user name is empty");
    }

    @Test
    void aLeaseThatExpiresTakesItsKeysWhoseverTheyAre() throws Exception {
        var watch = new Watching(as("u", WatchGrpc.newStub(channel)));
        watch.create("k/1");
        assertThat(watch.next().getCreated()).isTrue();
        putWithLease(1);
        assertThat(watch.next().getEvents(0).getTypeValue()).as("put").isZero();
        assertThat(watch.next().getEvents(0).getTypeValue()).as("deleted").isEqualTo(1);
    }

    /* A slow machine may lose the lease before the put: then a longer one. */
    private void putWithLease(long ttlSeconds) {
        try {
            long lease = as("u", LeaseGrpc.newBlockingStub(channel)).leaseGrant(
                    LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build()).getID();
            assertThat(as("u", KVGrpc.newBlockingStub(channel))
                    .put(put("k/1").toBuilder().setLease(lease).build()).hasHeader()).isTrue();
        } catch (StatusRuntimeException late) {
            assertThat(late).hasMessageContaining("lease not found");
            putWithLease(2 * ttlSeconds);
        }
    }

    @Test
    void usersOutliveARestartAndTokensDoNot() throws Exception {
        String token = token("u", PASSWORD);
        stop();
        open();
        refused(EtcdError.INVALID_AUTH_TOKEN,
                () -> with(token, KVGrpc.newBlockingStub(channel)).put(put("k/1")));
        assertThat(as("u", KVGrpc.newBlockingStub(channel)).put(put("k/1")).hasHeader()).isTrue();
    }

    @Test
    void neitherPasswordsNorTokensAreOnDisk() throws Exception {
        String letters = token("u", PASSWORD).split("\\.", -1)[0];
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty()
                    .noneMatch(file -> contains(file, PASSWORD) || contains(file, letters))
                    .anyMatch(file -> contains(file, "$2a$04$"));
        }
        open();
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static void grant(AuthGrpc.AuthBlockingStub auth) {
        auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder().setName("r")
                .setPerm(Permission.newBuilder().setPermType(Permission.Type.READWRITE)
                        .setKey(utf8("k/")).setRangeEnd(utf8("k0")))
                .build());
    }

    private static void refused(EtcdError error, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(StatusRuntimeException.class,
                refusal -> {
                    assertThat(refusal.getStatus().getCode())
                            .isEqualTo(error.status().getCode());
                    assertThat(refusal.getStatus().getDescription())
                            .isEqualTo(error.status().getDescription());
                });
    }

    private String token(String user, String password) {
        return AuthGrpc.newBlockingStub(channel).authenticate(AuthenticateRequest.newBuilder()
                .setName(user).setPassword(password).build()).getToken();
    }

    private <S extends AbstractStub<S>> S as(String user, S stub) {
        return with(token(user, PASSWORD), stub);
    }

    private static <S extends AbstractStub<S>> S with(String token, S stub) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static PutRequest put(String key) {
        return PutRequest.newBuilder().setKey(utf8(key)).build();
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** A stream of watchers. */
    private static final class Watching implements StreamObserver<WatchResponse> {
        private final BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
        private final StreamObserver<WatchRequest> requests;

        Watching(WatchGrpc.WatchStub stub) {
            requests = stub.watch(this);
        }

        void create(String key) {
            requests.onNext(WatchRequest.newBuilder().setCreateRequest(
                    WatchCreateRequest.newBuilder().setKey(utf8(key))).build());
        }

        WatchResponse next() throws InterruptedException {
            WatchResponse next = responses.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("a response within 20 s").isNotNull();
            return next == null ? WatchResponse.getDefaultInstance() : next;
        }

        @Override
        public void onNext(WatchResponse value) {
            responses.add(value);
        }

        @Override
        public void onError(Throwable ended) {}

        @Override
        public void onCompleted() {}
    }
}
