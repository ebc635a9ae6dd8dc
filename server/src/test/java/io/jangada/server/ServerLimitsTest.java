// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.server.config.ServerConfig;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients hear at the bounds of a server. */
@Timeout(60)
class ServerLimitsTest {
    private static final int REQUEST_BYTES_MAX = 1_000;
    private static final int QUOTA_BYTES = 1 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;
    @SuppressWarnings("NullAway.Init")
    private EtcdServer server;
    @SuppressWarnings("NullAway.Init")
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        server = EtcdServer.start(ServerConfig.builder("m", folder.resolve("data"))
                .listenClientUrls("http://127.0.0.1:0").advertiseClientUrls("http://127.0.0.1:1")
                .listenPeerUrls("http://127.0.0.1:0")
                .initialAdvertisePeerUrls("http://127.0.0.1:2")
                .initialCluster("m=http://127.0.0.1:2")
                .heartbeatIntervalMillis(10).electionTimeoutMillis(100)
                .maxRequestBytes(REQUEST_BYTES_MAX).quotaBackendBytes(QUOTA_BYTES).build());
        server.ready().get(30, TimeUnit.SECONDS);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private int port() {
        return server.clientAddresses().getFirst().getPort();
    }

    private long put(String key, int bytes) {
        return KVGrpc.newBlockingStub(channel).put(
                PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFrom(new byte[bytes])).build())
                .getHeader().getRevision();
    }

    @Test
    void aRequestAboveItsBoundIsRefused() {
        assertThatThrownBy(() -> put("k", REQUEST_BYTES_MAX))
                .hasMessageContaining("etcdserver: request is too large");
        assertThat(put("k", REQUEST_BYTES_MAX - 100)).isEqualTo(2);
    }

    @Test
    void whatWouldExceedTheQuotaIsRefused() {
        assertThatThrownBy(() -> {
            for (int i = 0; i < 2 * QUOTA_BYTES / (REQUEST_BYTES_MAX - 100); i++) {
                put("key " + i, REQUEST_BYTES_MAX - 100);
            }
        }).hasMessageContaining("etcdserver: mvcc: database space exceeded");
    }

    @Test
    void aLongHttpRequestIsRefused() throws Exception {
        assertThat(post(1 << 10)).doesNotContain(" 413 ");
        assertThat(post(2 * (REQUEST_BYTES_MAX + (512 << 10)))).contains(" 413 ");
    }

    /** The first line of the answer to a request with a body of so many bytes, all of which it sends. */
    private String post(int bytes) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes
                    + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[bytes]);
            out.flush();
            byte[] answer = new byte[64];
            int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
            return new String(answer, 0, read, StandardCharsets.US_ASCII).lines().findFirst()
                    .orElse("");
        }
    }
}
