// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.server.config.ServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One member in this process, on ports of the system's choice, over its real sockets and files. */
@Timeout(60)
class EtcdServerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    @Test
    void servesGrpcAndHttpOnOnePort() throws Exception {
        try (EtcdServer server = start("data", "token")) {
            try (var client = new Client(server)) {
                var kv = KVGrpc.newBlockingStub(client.channel);
                long revision = kv.put(PutRequest.newBuilder().setKey(utf8("k"))
                        .setValue(utf8("v")).build()).getHeader().getRevision();
                var read = kv.range(RangeRequest.newBuilder().setKey(utf8("k")).build());
                assertThat(revision).isEqualTo(2);
                assertThat(read.getKvs(0).getValue()).isEqualTo(utf8("v"));
            }
            HttpResponse<String> health = http(server, "/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
        }
    }

    @Test
    void countsUnderEtcdsNames() throws Exception {
        try (EtcdServer server = start("data", "token"); var client = new Client(server)) {
            var ignored = KVGrpc.newBlockingStub(client.channel).put(PutRequest.newBuilder()
                    .setKey(utf8("k")).build());
            assertThat(http(server, "/metrics").body().lines())
                    .contains("# TYPE etcd_server_proposals_committed_total counter",
                            "etcd_server_has_leader 1.0", "etcd_server_is_leader 1.0",
                            "etcd_debugging_mvcc_current_revision 2.0",
                            "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Put\","
                                    + "grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 1.0")
                    .anyMatch(line -> line.startsWith("process_cpu_seconds_total "));
        }
    }

    @Test
    void keepsWhatWasAcknowledgedOverARestart() throws Exception {
        try (EtcdServer server = start("data", "token"); var client = new Client(server)) {
            var ignored = KVGrpc.newBlockingStub(client.channel).put(PutRequest.newBuilder()
                    .setKey(utf8("k")).setValue(utf8("v")).build());
        }
        try (EtcdServer server = start("data", "token"); var client = new Client(server)) {
            var read = KVGrpc.newBlockingStub(client.channel)
                    .range(RangeRequest.newBuilder().setKey(utf8("k")).build());
            assertThat(read.getKvs(0).getModRevision()).isEqualTo(2);
        }
    }

    @Test
    void namesTheMethodThatItDoesNotHave() throws Exception {
        try (EtcdServer server = start("data", "token"); var client = new Client(server)) {
            var unheardOf = KVGrpc.getPutMethod().toBuilder()
                    .setFullMethodName("etcdserverpb.KV/Unheard").build();
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(client.channel, unheardOf,
                    CallOptions.DEFAULT, PutRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                        assertThat(refused.getStatus().getCode())
                                .isEqualTo(Status.Code.UNIMPLEMENTED);
                        assertThat(refused).hasMessageContaining("KV/Unheard")
                                .hasMessageContaining("Jangada");
                    });
        }
    }

    @Test
    void refusesTheLogOfAnotherCluster() throws Exception {
        start("one", "one").close();
        start("other", "other").close();
        Path wal = folder.resolve("one/member/wal");
        Files.move(wal, folder.resolve("kept"));
        Files.move(folder.resolve("other/member/wal"), wal);

        assertThatThrownBy(() -> start("one", "one")).isInstanceOf(StartException.class)
                .hasMessageContaining("belongs to cluster").message().hasLineCount(1);

        Files.move(wal, folder.resolve("other/member/wal"));
        Files.move(folder.resolve("kept"), wal);
        start("one", "one").close();
    }

    @Test
    void letsGoOfEverythingAfterAnUnexpectedFailure() throws Exception {
        EtcdServer server = start("data", "token");
        int port = server.clientAddresses().getFirst().getPort();
        var stopped = server.stopped();

        server.failed(new IllegalStateException("for a test"));

        assertThatThrownBy(() -> stopped.get(30, TimeUnit.SECONDS))
                .hasRootCauseMessage("for a test");
        start("data", "token").close();
        try (var free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            assertThat(free.getLocalPort()).isEqualTo(port);
        }
    }

    private EtcdServer start(String directory, String token) throws Exception {
        ServerConfig config = ServerConfig.builder("m", folder.resolve(directory))
                .listenClientUrls("http://127.0.0.1:0").advertiseClientUrls("http://127.0.0.1:1")
                .listenPeerUrls("http://127.0.0.1:0")
                .initialAdvertisePeerUrls("http://127.0.0.1:2")
                .initialCluster("m=http://127.0.0.1:2").initialClusterToken(token)
                .heartbeatIntervalMillis(10).electionTimeoutMillis(100).build();
        EtcdServer server = EtcdServer.start(config);
        server.ready().get(30, TimeUnit.SECONDS);
        return server;
    }

    private static HttpResponse<String> http(EtcdServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .build()) {
            int port = server.clientAddresses().getFirst().getPort();
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** A connection, which must be gone before its server is closed. */
    private static final class Client implements AutoCloseable {
        private final ManagedChannel channel;

        Client(EtcdServer server) {
            int port = server.clientAddresses().getFirst().getPort();
            channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }
}
