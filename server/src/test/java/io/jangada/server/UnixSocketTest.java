// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member at sockets in the file system, beside a port. */
@Timeout(60)
class UnixSocketTest {
    private static final String REQUEST = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    private Path socket() {
        return folder.resolve("clients");
    }

    private EtcdServer start(String data, String urls) throws Exception {
        ServerConfig config = OneMember.config(folder.resolve(data)).listenClientUrls(urls).build();
        EtcdServer server = EtcdServer.start(config);
        server.ready().get(30, TimeUnit.SECONDS);
        return server;
    }

    private static String health(Path socket) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(),
                    StandardCharsets.US_ASCII);
        }
    }

    @Test
    void servesHttpThereAndGrpcOnThePortBesideIt() throws Exception {
        OneMember member = OneMember.start(OneMember.config(folder.resolve("data"))
                .listenClientUrls("http://127.0.0.1:0,unix://" + socket()).build());
        try (member) {
            var put = KVGrpc.newBlockingStub(member.channel()).put(
                    PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
            assertThat(put.getHeader().getRevision()).isEqualTo(2);
            assertThat(health(socket())).startsWith("HTTP/1.1 200").contains("\"health\"");
            assertThat(member.server().clientAddresses()).hasSize(1);
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void aSocketThatAProcessLeftIsTakenAndOneThatIsListenedAtIsNot() throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket()));
            assertThatThrownBy(() -> start("one", "unix://" + socket()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("cannot listen on client URL unix://");
        }
        assertThat(socket()).exists(); // As a process that was killed leaves it.
        try (EtcdServer server = start("one", "unix://" + socket())) {
            assertThat(server.clientAddresses()).isEmpty();
            assertThat(health(socket())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(socket(), "precious");
        assertThatThrownBy(() -> start("one", "unix://" + socket()))
                .isInstanceOf(StartException.class);
        assertThat(socket()).hasContent("precious");
    }

    @Test
    void urlsAreReadAsEtcdReadsThem() throws Exception {
        assertThat(ServerUrl.parse("f", "unix:///tmp/s").place())
                .isEqualTo(new ServerUrl.Place.Socket(Path.of("/tmp/s")));
        assertThat(ServerUrl.parse("f", "unix://localhost:m1").place())
                .isEqualTo(new ServerUrl.Place.Socket(Path.of("localhost:m1")));
        assertThat(ServerUrl.parse("f", "unixs:///tmp/s").isTls()).isTrue();
        assertThat(ServerUrl.parse("f", "unix:///tmp/s").isTls()).isFalse();
        for (String bad : new String[]{"unix://", "unix:///" + "x".repeat(107)}) {
            assertThatThrownBy(() -> ServerUrl.parse("f", bad))
                    .isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> OneMember.config(folder).listenPeerUrls("unix:///tmp/s")
                .initialAdvertisePeerUrls("unix:///tmp/s").build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("members speak TCP");
    }
}
