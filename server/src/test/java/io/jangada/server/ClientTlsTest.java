// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.PeerTrust;
import io.jangada.network.tls.TestAuthority;
import io.jangada.network.tls.TlsOptions;
import io.jangada.server.config.HttpConfig;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import io.jangada.server.config.TlsConfig;
import io.jangada.server.config.TlsConfig.CertificateUse;
import io.jangada.server.config.TlsSide;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One member in this process whose client port speaks TLS. */
@Timeout(60)
class ClientTlsTest {
    private static final TlsOptions SPOKEN = TlsOptions.DEFAULT
            .withApplicationProtocols(List.of("http/1.1", "h2"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Set in issue().
    private TestAuthority authority;
    @SuppressWarnings("NullAway.Init") // Set in issue().
    private PeerTls files;

    @BeforeEach
    void issue() throws IOException {
        authority = new TestAuthority(folder, "authority");
        files = authority.mutual("server", "127.0.0.1").withOptions(SPOKEN);
    }

    @Test
    void servesGrpcAndHttpOnOnePort() throws Exception {
        try (EtcdServer server = start(anyone(), CertificateUse.CONNECTION);
                Client client = new Client(server)) {
            assertThat(client.put("k")).isEqualTo(2);
            assertThat(http(server, "GET /health", "", "http/1.1")).startsWith("HTTP/1.1 200")
                    .endsWith("{\"health\":\"true\",\"reason\":\"\"}");
            assertThat(http(server, "GET /health", "", "h2", "http/1.1"))
                    .as("knows both").startsWith("HTTP/1.1 200");
            assertThat(http(server, "GET /health", "")).as("no ALPN").startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void metricsHaveTheSameTls() throws Exception {
        try (EtcdServer server = start(anyone(), CertificateUse.CONNECTION)) {
            assertThat(http(server.httpAddresses().getFirst(), "GET /metrics", "", "http/1.1"))
                    .startsWith("HTTP/1.1 200").contains("etcd_server_has_leader 1");
        }
    }

    @Test
    void aClientWithoutCertificateIsRefusedIfThereIsAnAuthority() throws Exception {
        try (EtcdServer server = start(files, CertificateUse.CONNECTION);
                Client nobody = new Client(server);
                Client somebody = new Client(server, authority.mutual("alice"));
                Client stranger = new Client(server,
                        new TestAuthority(folder, "other").mutual("mallory"))) {
            assertThat(somebody.put("k")).isEqualTo(2);
            for (Client refused : List.of(nobody, stranger)) {
                assertThatThrownBy(() -> refused.put("k"))
                        .isInstanceOfSatisfying(StatusRuntimeException.class,
                                e -> assertThat(e.getStatus().getCode())
                                        .isEqualTo(Status.Code.UNAVAILABLE));
            }
            assertThat(somebody.put("k")).as("nothing else was written").isEqualTo(3);
        }
    }

    @Test
    void aCommonNameIsAUser() throws Exception {
        try (EtcdServer server = start(files, CertificateUse.USER);
                Client root = new Client(server, authority.mutual("root"));
                Client alice = new Client(server, authority.mutual("alice"));
                Client other = new Client(server, authority.mutual("stranger"))) {
            enableAuth(root);

            assertThat(alice.put("a/k")).isPositive();
            assertThatThrownBy(() -> alice.put("b"))
                    .hasMessageContaining("etcdserver: permission denied");
            assertThatThrownBy(() -> other.put("a/k")).hasMessageContaining("etcdserver:");
            assertThat(root.put("b")).isPositive();
        }
    }

    @Test
    void aCommonNameIsNobodyUnlessItShallBe() throws Exception {
        try (EtcdServer server = start(files, CertificateUse.CONNECTION);
                Client root = new Client(server, authority.mutual("root"))) {
            enableAuth(root);

            assertThatThrownBy(() -> root.put("b"))
                    .hasMessageContaining("etcdserver: user name is empty");
        }
    }

    @Test
    void filesThatChangeAreUsedWithoutARestart() throws Exception {
        try (EtcdServer server = start(anyone(), CertificateUse.CONNECTION)) {
            assertThat(shownBy(server)).contains("CN=server");
            PeerTls next = authority.mutual("next", "127.0.0.1");
            Files.move(next.keyFile(), files.keyFile(),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.move(next.certificateFile(), files.certificateFile(),
                    StandardCopyOption.REPLACE_EXISTING);

            String shown = shownBy(server);
            while (!shown.contains("CN=next")) { // The files are looked at once a second.
                shown = shownBy(server);
            }
            assertThat(shown).contains("CN=next");
        }
    }

    @Test
    void aCertificateIsMadeWhereNoneIsGiven() throws Exception {
        var made = new TlsSide.SelfMade(Duration.ofDays(365), SPOKEN);
        try (EtcdServer server = start(new TlsConfig(made, new TlsSide.Plain(),
                CertificateUse.CONNECTION)); Client client = new Client(server)) {
            assertThat(client.put("k")).isEqualTo(2);
            assertThat(folder.resolve("data/fixtures/client/cert.pem")).exists();
        }
    }

    @Test
    void whoSpeaksNoTlsIsRefusedAndNobodyElse() throws Exception {
        try (EtcdServer server = start(anyone(), CertificateUse.CONNECTION);
                Client client = new Client(server);
                Socket plain = new Socket()) {
            plain.connect(server.clientAddresses().getFirst());
            plain.getOutputStream()
                    .write("GET /health HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(plain.getInputStream().readAllBytes(),
                    StandardCharsets.US_ASCII)).doesNotContain("health");
            assertThat(client.put("k")).isEqualTo(2);
        }
    }

    @Test
    void aMissingFileIsNamedAtTheStart() {
        PeerTls missing = PeerTls.mutual(folder.resolve("nowhere.pem"), files.keyFile(),
                authority.file());
        assertThatThrownBy(() -> start(missing, CertificateUse.CONNECTION))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("nowhere.pem: no such file");
    }

    private static void enableAuth(Client client) {
        var auth = AuthGrpc.newBlockingStub(client.channel);
        var ignored = auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build());
        ignored = auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("r").build());
        var unusedGranted = auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName("r").setPerm(Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE).setKey(utf8("a/"))
                        .setRangeEnd(utf8("a0")))
                .build());
        for (String user : List.of("root", "alice")) {
            var unusedAdded = auth.userAdd(AuthUserAddRequest.newBuilder().setName(user)
                    .setPassword("p").build());
            var unusedGiven = auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser(user)
                    .setRole(user.equals("root") ? "root" : "r").build());
        }
        var unusedEnabled = auth.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    /** The same files, for clients that show nothing. */
    private PeerTls anyone() {
        return new PeerTls(files.certificateFile(), files.keyFile(),
                new PeerTrust.PublicAuthorities(), List.of(), List.of(), SPOKEN);
    }

    private EtcdServer start(PeerTls clients, CertificateUse use) throws Exception {
        return start(new TlsConfig(new TlsSide.Files(clients), new TlsSide.Plain(), use));
    }

    private EtcdServer start(TlsConfig tls) throws Exception {
        ServerConfig config = OneMember.config(folder.resolve("data"))
                .listenClientUrls("https://127.0.0.1:0")
                .http(new HttpConfig(List.of(),
                        ServerUrl.parseList("--listen-metrics-urls",
                                "https://127.0.0.1:0"),
                        Set.of("*"), Set.of("for.plain.http.only"), true))
                .tls(tls).build();
        EtcdServer server = EtcdServer.start(config);
        server.ready().get(30, TimeUnit.SECONDS);
        return server;
    }

    private static String http(EtcdServer server, String request, String body,
            String... protocols) throws Exception {
        return http(server.clientAddresses().getFirst(), request, body, protocols);
    }

    private static String http(InetSocketAddress at, String request, String body,
            String... protocols) throws Exception {
        try (SSLSocket socket = connect(at, protocols)) {
            socket.getOutputStream().write((request + " HTTP/1.1\r\nHost: x\r\nConnection: close"
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String shownBy(EtcdServer server) throws Exception {
        try (SSLSocket socket = connect(server.clientAddresses().getFirst())) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    private static SSLSocket connect(InetSocketAddress at, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{new Trusting()}, null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(at.getHostString(),
                at.getPort());
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** Takes what it is shown. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** A connection that checks nobody, with or without a certificate. */
    private static final class Client implements AutoCloseable {
        private final ManagedChannel channel;

        Client(EtcdServer server) throws IOException {
            this(server, GrpcSslContexts.forClient());
        }

        Client(EtcdServer server, PeerTls shown) throws IOException {
            this(server, GrpcSslContexts.forClient().keyManager(shown.certificateFile().toFile(),
                    shown.keyFile().toFile()));
        }

        private Client(EtcdServer server, SslContextBuilder tls) throws IOException {
            channel = NettyChannelBuilder
                    .forAddress("127.0.0.1", server.clientAddresses().getFirst().getPort())
                    .sslContext(tls.trustManager(InsecureTrustManagerFactory.INSTANCE).build())
                    .build();
        }

        long put(String key) {
            return KVGrpc.newBlockingStub(channel)
                    .put(PutRequest.newBuilder().setKey(utf8(key)).build()).getHeader()
                    .getRevision();
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }
}
