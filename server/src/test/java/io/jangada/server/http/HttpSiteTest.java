// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.server.EtcdServer;
import io.jangada.server.config.HttpConfig;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one member serves over HTTP, asked over real sockets. */
@Timeout(60)
class HttpSiteTest {
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .build();
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;
    private @Nullable EtcdServer server;

    @AfterEach
    void stop() {
        client.shutdownNow();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void putsAndReadsAsJson() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        HttpResponse<String> put = post(port, "/v3/kv/put",
                "{\"key\":\"aw==\",\"value\":\"dg==\"}");
        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(put.headers().firstValue("content-type")).contains("application/json");
        assertThat(put.body()).matches("\\{\"header\":\\{\"cluster_id\":\"\\d+\","
                + "\"member_id\":\"\\d+\",\"revision\":\"2\",\"raft_term\":\"\\d+\"}}");
        assertThat(post(port, "/v3beta/kv/range", "{\"key\":\"aw==\"}").body()).contains(
                "\"kvs\":[{\"key\":\"aw==\",\"create_revision\":\"2\",\"mod_revision\":\"2\","
                        + "\"version\":\"1\",\"value\":\"dg==\"}],\"count\":\"1\"}");
        assertThat(post(port, "/v3/kv/lease/leases", "").statusCode()).isEqualTo(200);
        String big = Base64.getEncoder().encodeToString(new byte[1 << 20]);
        assertThat(post(port, "/v3/kv/put", "{\"key\":\"aw==\",\"value\":\"" + big + "\"}")
                .statusCode()).isEqualTo(200);
    }

    @Test
    void everyPathIsServed() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        for (var route : GatewayRoutes.all().entrySet()) {
            boolean answersAtOnce = !route.getValue().givesSeveral()
                    && !route.getKey().contains("/lock") && !route.getKey().contains("campaign");
            if (answersAtOnce) {
                HttpResponse<String> answer = post(port, route.getKey(), "{}");
                assertThat(answer.body()).as(route.getKey()).startsWith("{")
                        .doesNotContain("\"message\":\"Not Found\"");
            }
        }
    }

    @Test
    void tellsErrorsAsEtcdDoes() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        assertError(post(port, "/v3/kv/put", "{}"), 400, 3, "etcdserver: key is not provided");
        assertError(post(port, "/v3/kv/range", "{\"key\":\"aw==\",\"revision\":\"9\"}"), 400, 11,
                "etcdserver: mvcc: required revision is a future revision");
        assertError(post(port, "/v3/lease/revoke", "{\"ID\":\"5\"}"), 404, 5,
                "etcdserver: requested lease not found");
        assertError(post(port, "/v3/nothing", "{}"), 404, 5, "Not Found");
        assertError(get(port, "/v3/kv/range"), 501, 12, "Method Not Allowed");
        HttpResponse<String> malformed = post(port, "/v3/kv/put", "{\"key\":");
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(malformed.body()).contains("\"code\":3");
        assertThat(get(port, "/nothing").statusCode()).isEqualTo(404);
    }

    private static void assertError(HttpResponse<String> answer, int http, int code, String text) {
        assertThat(answer.body()).isEqualTo("{\"error\":\"" + text + "\",\"code\":" + code
                + ",\"message\":\"" + text + "\"}");
        assertThat(answer.statusCode()).isEqualTo(http);
    }

    @Test
    void watchIsAStreamOfLines() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        HttpResponse<InputStream> watch = client.send(request(port, "/v3/watch").POST(
                HttpRequest.BodyPublishers.ofString("{\"create_request\":{\"key\":\"aw==\"}}"))
                .build(), HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(
                new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("{\"result\":{\"header\":{")
                    .endsWith("\"created\":true}}");
            for (String value : List.of("YQ==", "Yg==")) {
                post(port, "/v3/kv/put", "{\"key\":\"aw==\",\"value\":\"" + value + "\"}");
                assertThat(lines.readLine()).contains("\"events\":[{\"kv\":{\"key\":\"aw==\"")
                        .contains("\"value\":\"" + value + "\"");
            }
        }
    }

    @Test
    void watchIsAWebSocketToo() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        var frames = new LinkedBlockingQueue<String>();
        WebSocket socket = client.newWebSocketBuilder().buildAsync(
                URI.create("ws://127.0.0.1:" + port + "/v3/watch"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text,
                            boolean isLast) {
                        frames.add(text.toString());
                        from.request(1);
                        return null;
                    }

                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket from, int code,
                            String reason) {
                        frames.add("closed " + code);
                        return null;
                    }
                }).get(10, TimeUnit.SECONDS);
        socket.sendText("{\"create_request\":{\"key\":\"aw==\"}}", true).join();
        assertThat(frames.poll(10, TimeUnit.SECONDS)).contains("\"created\":true");
        post(port, "/v3/kv/put", "{\"key\":\"aw==\",\"value\":\"dg==\"}");
        assertThat(frames.poll(10, TimeUnit.SECONDS)).contains("\"value\":\"dg==\"");
        socket.sendText("{\"cancel_request\":{\"watch_id\":0}}", true).join();
        assertThat(frames.poll(10, TimeUnit.SECONDS)).contains("\"canceled\":true");
        socket.sendText("nonsense}", true).join();
        assertThat(frames.poll(10, TimeUnit.SECONDS)).startsWith("{\"error\":");
        assertThat(frames.poll(10, TimeUnit.SECONDS)).isEqualTo("closed 1000");
    }

    @Test
    void leasesAreKeptAliveByLines() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        post(port, "/v3/lease/grant", "{\"ID\":\"7\",\"TTL\":\"60\"}");
        assertThat(post(port, "/v3/lease/keepalive", "{\"ID\":\"7\"}{\"ID\":\"8\"}").body().lines())
                .hasSize(2).allMatch(line -> line.startsWith("{\"result\":{"))
                .anyMatch(line -> line.contains("\"TTL\":\"60\""));
    }

    @Test
    void answersInTheOrderOfRequests() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        String put = "POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nContent-Length: 14\r\n\r\n"
                + "{\"key\":\"aw==\"}";
        String range = put.replace("/put", "/range");
        String quick = "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String answers = raw(port, put + range + put + quick);
        assertThat(answers.indexOf("\"revision\":\"2\"")).isPositive()
                .isLessThan(answers.indexOf("\"kvs\""));
        assertThat(answers.indexOf("\"kvs\"")).isLessThan(answers.indexOf("\"revision\":\"3\""));
        assertThat(answers.indexOf("\"revision\":\"3\""))
                .isLessThan(answers.indexOf("etcdserver\":"));
    }

    @Test
    void saysHowItIs() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        for (String path : List.of("/livez", "/readyz", "/livez/serializable_read",
                "/readyz/data_corruption", "/readyz/serializable_read", "/readyz/linearizable_read",
                "/readyz/non_learner")) {
            assertThat(get(port, path).body()).as(path).isEqualTo("ok\n");
        }
        assertThat(get(port, "/readyz?verbose&exclude=non_learner").body()).isEqualTo("""
                [+]data_corruption ok
                [+]serializable_read ok
                [+]linearizable_read ok
                ok
                """);
        assertThat(get(port, "/livez/linearizable_read").statusCode()).isEqualTo(404);
        for (String path : List.of("/health", "/readyz", "/version", "/metrics")) {
            HttpResponse<String> refused = post(port, path, "");
            assertThat(refused.statusCode()).as(path).isEqualTo(405);
            assertThat(refused.headers().firstValue("allow")).contains("GET");
        }
    }

    @Test
    void saysWhichAlarmIsRaised() throws Exception {
        int port = start(HttpConfig.DEFAULT);
        raise(port, AlarmType.NOSPACE);
        assertThat(get(port, "/health").statusCode()).isEqualTo(503);
        assertThat(get(port, "/health?serializable=true").body())
                .isEqualTo("{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}");
        assertThat(get(port, "/health?exclude=NOSPACE").body())
                .isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);
        raise(port, AlarmType.CORRUPT);
        HttpResponse<String> corrupt = get(port, "/readyz");
        assertThat(corrupt.statusCode()).isEqualTo(503);
        assertThat(corrupt.body())
                .startsWith("[-]data_corruption failed: alarm activated: CORRUPT\n")
                .contains("[+]linearizable_read ok\n");
        assertThat(get(port, "/readyz?exclude=data_corruption").statusCode()).isEqualTo(200);
        assertThat(get(port, "/readyz/data_corruption?exclude=data_corruption").statusCode())
                .isEqualTo(503);
        assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void servesHttpWhereItIsAskedTo() throws Exception {
        ServerUrl any = ServerUrl.parse("test", "http://127.0.0.1:0");
        int port = start(new HttpConfig(List.of(any), List.of(any), Set.of("*"), Set.of("*"),
                true));
        List<Integer> http = running().httpAddresses().stream().map(InetSocketAddress::getPort)
                .toList();
        assertThat(http).hasSize(2);
        assertThat(post(http.get(0), "/v3/kv/put", "{\"key\":\"aw==\"}").statusCode())
                .isEqualTo(200);
        assertThat(get(http.get(0), "/version").statusCode()).isEqualTo(200);
        assertThat(get(http.get(1), "/metrics").body()).contains("etcd_server_has_leader");
        assertThat(get(http.get(1), "/health").statusCode()).isEqualTo(200);
        assertThat(get(http.get(1), "/readyz/non_learner").statusCode()).isEqualTo(200);
        assertThat(get(http.get(1), "/version").statusCode()).isEqualTo(404);
        assertThat(post(http.get(1), "/v3/kv/put", "{}").statusCode()).isEqualTo(404);
        ManagedChannel grpc = channel(port);
        try {
            assertThat(KVGrpc.newBlockingStub(grpc).put(PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("k")).build())
                    .getHeader().getRevision()).isEqualTo(3);
        } finally {
            grpc.shutdownNow();
        }
        assertThat(raw(port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"))
                .as("no HTTP on the client port").doesNotContain("\"health\"");
    }

    @Test
    void letsOnlyPagesAndHostsInThatItKnows() throws Exception {
        int port = start(new HttpConfig(List.of(), List.of(), Set.of("http://good"),
                Set.of("127.0.0.1", "etcd.local"), true));
        assertThat(raw(port, "GET /version HTTP/1.0\r\nHost: evil:2379\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ").contains("--host-whitelist");
        assertThat(raw(port, "HEAD /version HTTP/1.0\r\nHost: etcd.local\r\n\r\n"))
                .as("no body after a HEAD").endsWith("\r\n\r\n");
        assertThat(raw(port, "GET /version HTTP/1.0\r\nHost: etcd.local:2379\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        HttpResponse<String> good = send(request(port, "/version").header("Origin", "http://good"));
        assertThat(good.headers().firstValue("access-control-allow-origin"))
                .contains("http://good");
        HttpResponse<String> bad = send(request(port, "/version").header("Origin", "http://bad"));
        assertThat(bad.headers().map()).doesNotContainKey("access-control-allow-origin");
        HttpResponse<String> asked = send(request(port, "/v3/kv/put")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "http://good"));
        assertThat(asked.statusCode()).isEqualTo(200);
        assertThat(asked.headers().firstValue("access-control-allow-methods"))
                .hasValueSatisfying(methods -> assertThat(methods).contains("POST"));
        assertThat(raw(port, """
                GET /v3/watch HTTP/1.1
                Host: 127.0.0.1
                Upgrade: websocket
                Connection: Upgrade, close
                Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
                Sec-WebSocket-Version: 13
                Origin: http://bad

                """.replace("\n", "\r\n"))).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void isWithoutJsonIfTold() throws Exception {
        int port = start(new HttpConfig(List.of(), List.of(), Set.of("*"), Set.of("*"), false));
        assertThat(post(port, "/v3/kv/put", "{\"key\":\"aw==\"}").body())
                .isEqualTo("404 page not found\n");
        assertThat(get(port, "/health").headers().firstValue("access-control-allow-origin"))
                .contains("*");
    }

    private int start(HttpConfig http) throws Exception {
        ServerConfig config = ServerConfig.builder("m", folder.resolve("data"))
                .listenClientUrls("http://127.0.0.1:0").advertiseClientUrls("http://127.0.0.1:1")
                .listenPeerUrls("http://127.0.0.1:0")
                .initialAdvertisePeerUrls("http://127.0.0.1:2")
                .initialCluster("m=http://127.0.0.1:2").http(http)
                .heartbeatIntervalMillis(10).electionTimeoutMillis(100).build();
        EtcdServer started = EtcdServer.start(config);
        server = started;
        started.ready().get(30, TimeUnit.SECONDS);
        return started.clientAddresses().getFirst().getPort();
    }

    private EtcdServer running() {
        return Objects.requireNonNull(server);
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static void raise(int port, AlarmType alarm) {
        ManagedChannel grpc = channel(port);
        try {
            assertThat(MaintenanceGrpc.newBlockingStub(grpc).alarm(AlarmRequest.newBuilder()
                    .setAction(AlarmRequest.AlarmAction.ACTIVATE).setAlarm(alarm).setMemberID(1)
                    .build()).getAlarmsCount()).isPositive();
        } finally {
            grpc.shutdownNow();
        }
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return send(request(port, path));
    }

    private HttpResponse<String> post(int port, String path, String body) throws Exception {
        return send(request(port, path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** What comes until the other end closes. */
    private static String raw(int port, String request) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
