// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.TestAuthority;
import io.jangada.network.tls.TlsOptions;
import io.jangada.server.config.HttpConfig;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import io.jangada.server.config.TlsConfig;
import io.jangada.server.config.TlsConfig.CertificateUse;
import io.jangada.server.config.TlsSide;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are made while they are sent, through client ports of every kind. */
@Timeout(60)
class LongRangePortsTest {
    private static final int KEYS = 8;
    private static final ByteString VALUE = ByteString.copyFrom(new byte[1 << 20]);
    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

    @ParameterizedTest
    @CsvSource({"http,''", "http,http://127.0.0.1:0", "https,''", "https,https://127.0.0.1:0"})
    void passThrough(String scheme, String httpUrls, @TempDir Path folder) throws Exception {
        PeerTls files = new TestAuthority(folder, "authority").mutual("server", "127.0.0.1")
                .withOptions(TlsOptions.DEFAULT.withApplicationProtocols(List.of("h2")));
        ServerConfig config = OneMember.config(folder.resolve("data"))
                .listenClientUrls(scheme + "://127.0.0.1:0")
                .http(new HttpConfig(httpUrls.isEmpty()
                        ? List.of()
                        : ServerUrl.parseList("--listen-client-http-urls", httpUrls),
                        List.of(), Set.of("*"), Set.of("*"), true))
                .tls(new TlsConfig(new TlsSide.Files(files), new TlsSide.Plain(),
                        CertificateUse.CONNECTION))
                .build();
        try (EtcdServer server = EtcdServer.start(config)) {
            server.ready().get(30, TimeUnit.SECONDS);
            NettyChannelBuilder builder = NettyChannelBuilder.forAddress("127.0.0.1",
                    server.clientAddresses().getFirst().getPort());
            ManagedChannel channel = scheme.equals("http")
                    ? builder.usePlaintext().build()
                    : builder.sslContext(GrpcSslContexts.forClient()
                            .keyManager(files.certificateFile().toFile(), files.keyFile().toFile())
                            .trustManager(InsecureTrustManagerFactory.INSTANCE).build()).build();
            try {
                assertPasses(KVGrpc.newBlockingStub(channel)
                        .withMaxInboundMessageSize(Integer.MAX_VALUE));
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static void assertPasses(KVGrpc.KVBlockingStub kv) {
        for (int i = 0; i < KEYS; i++) {
            assertThat(kv.put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k" + i))
                    .setValue(VALUE).build()).hasHeader()).isTrue();
        }
        RangeResponse answer = kv.range(
                RangeRequest.newBuilder().setKey(ALL).setRangeEnd(ALL).build());
        assertThat(answer.getKvsList()).hasSize(KEYS)
                .allMatch(found -> found.getValue().equals(VALUE));
        assertThat(answer.getCount()).isEqualTo(KEYS);
    }
}
