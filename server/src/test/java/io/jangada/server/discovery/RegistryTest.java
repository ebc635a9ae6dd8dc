// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.server.OneMember;
import io.jangada.server.config.RegistryConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members find each other in a registry, which is a member in this process. */
@Timeout(60)
class RegistryTest {
    private static final String SIZE = "/_etcd/registry/token/_config/size";
    private static final String MEMBERS = "/_etcd/registry/token/members/";
    private static final String ALL = "one=http://a:1,two=http://b:1,three=http://c:1";

    @SuppressWarnings("NullAway.Init") // Set in start().
    private OneMember etcd;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        etcd = OneMember.start(folder);
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    @Test
    void allFindEachOther() throws Exception {
        put(SIZE, "3");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = CompletableFuture.supplyAsync(() -> join(0xa, "one=http://a:1"), threads);
            awaitEntries(1);
            var two = CompletableFuture.supplyAsync(() -> join(0xb, "two=http://b:1"), threads);
            awaitEntries(2);
            assertThat(one).isNotDone();
            assertThat(join(0xc, "three=http://c:1")).isEqualTo(ALL);
            assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(ALL);
            assertThat(two.get(30, TimeUnit.SECONDS)).isEqualTo(ALL);
        }
        assertThat(get(MEMBERS + "a")).isEqualTo("one=http://a:1");
        assertThat(join(0xb, "two=http://b:1")).as("again, after a stop").isEqualTo(ALL);
    }

    @Test
    void oneMoreIsRefused() throws Exception {
        put(SIZE, "1");
        assertThat(join(0xa, "one=http://a:1")).isEqualTo("one=http://a:1");
        assertThatThrownBy(() -> registry().join(0xb, "two=http://b:1"))
                .isInstanceOf(DiscoveryException.class)
                .hasMessageContaining("cluster is full");
        assertThat(get(MEMBERS + "b")).isEmpty();
    }

    @Test
    void needsASize() {
        assertThatThrownBy(() -> registry().join(0xa, "one=http://a:1"))
                .isInstanceOf(DiscoveryException.class).hasMessageContaining(SIZE);
        for (String bad : List.of("", "0", "-1", "three")) {
            put(SIZE, bad);
            assertThatThrownBy(() -> registry().join(0xa, "one=http://a:1"))
                    .isInstanceOf(DiscoveryException.class)
                    .hasMessageContaining("\"" + bad + "\"");
        }
        assertThat(get(MEMBERS + "a")).isEmpty();
    }

    @Test
    void isTriedAgainAtTheNextEndpoint() throws Exception {
        put(SIZE, "1");
        List<Long> pauses = new ArrayList<>();
        String nobody = "127.0.0.1:" + closedPort();
        RegistryConfig config = config(List.of(nobody, nobody, "http://" + address()), "", "");
        assertThat(new Registry(config, pauses::add).join(0xa, "one=http://a:1"))
                .isEqualTo("one=http://a:1");
        assertThat(pauses).containsExactly(2L, 4L);
    }

    @Test
    void asksAsItsUser() throws Exception {
        put(SIZE, "1");
        var auth = AuthGrpc.newBlockingStub(etcd.channel());
        auth.userAdd(AuthUserAddRequest.newBuilder().setName("root")
                .setPassword("pass").build());
        auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser("root")
                .setRole("root").build());
        auth.authEnable(AuthEnableRequest.getDefaultInstance());
        for (String[] refused : new String[][]{{"", "", "user name is empty"},
            {"root", "wrong", "authentication failed"}}) {
            assertThatThrownBy(() -> registry(refused[0], refused[1]).join(0xa, "one=http://a:1"))
                    .isInstanceOf(DiscoveryException.class).hasMessageContaining(refused[2]);
        }
        assertThat(registry("root", "pass").join(0xa, "one=http://a:1"))
                .isEqualTo("one=http://a:1");
    }

    @Test
    void aUserIsNoHindranceWhereThereAreNone() throws Exception {
        put(SIZE, "1");
        assertThat(registry("root", "pass").join(0xa, "one=http://a:1"))
                .isEqualTo("one=http://a:1");
    }

    private static int closedPort() throws IOException {
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    private String join(long id, String entry) {
        try {
            return registry().join(id, entry);
        } catch (DiscoveryException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private Registry registry() {
        return registry("", "");
    }

    private Registry registry(String user, String password) {
        return new Registry(config(List.of(address()), user, password), seconds -> {
            throw new AssertionError("waits for " + seconds + " s");
        });
    }

    private static RegistryConfig config(List<String> endpoints, String user, String password) {
        return new RegistryConfig("token", endpoints, RegistryConfig.Times.DEFAULT,
                RegistryConfig.Tls.PLAIN, user, password);
    }

    private String address() {
        return "127.0.0.1:" + etcd.server().clientAddresses().getFirst().getPort();
    }

    private void put(String key, String value) {
        var ignored = KVGrpc.newBlockingStub(etcd.channel())
                .put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value)).build());
    }

    private String get(String key) {
        return KVGrpc.newBlockingStub(etcd.channel())
                .range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build())
                .getKvsList().stream().map(found -> found.getValue().toStringUtf8()).findFirst()
                .orElse("");
    }

    /* So that they enter themselves in this order. */
    private void awaitEntries(long count) {
        RangeRequest request = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(MEMBERS))
                .setRangeEnd(ByteString.copyFromUtf8(MEMBERS + "z")).setCountOnly(true).build();
        while (KVGrpc.newBlockingStub(etcd.channel()).range(request).getCount() < count) {
            Thread.onSpinWait();
        }
    }
}
