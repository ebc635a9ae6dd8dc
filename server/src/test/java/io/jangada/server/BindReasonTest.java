// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.server.config.HttpConfig;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BindReasonTest {

    @Test
    void causesAreLookedThrough() {
        var wrapped = new IOException("Failed to bind", new RuntimeException(
                new UnresolvedAddressException()));

        assertThat(BindReason.of(wrapped)).isEqualTo("no such host");
        assertThat(BindReason.of(new BindException("Permission denied")))
                .isEqualTo("permission denied");
        assertThat(BindReason.of(new IOException("what else", new IOException())))
                .isEqualTo("address in use or not available");
        assertThat(BindReason.of(new BindException("a file of another kind")))
                .isEqualTo("a file of another kind");
    }

    @Test
    void aBusyPortAMissingHostAndAForeignAddressAreToldApart(@TempDir Path folder)
            throws Exception {
        try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String taken = "http://127.0.0.1:" + busy.getLocalPort();
            assertRefused(folder, taken, taken + ": address already in use");
        }
        assertRefused(folder, "http://no-such-host.invalid:1",
                "no-such-host.invalid:1: no such host");
        // TEST-NET-1: nobody's address (RFC 5737).
        assertRefused(folder, "http://192.0.2.1:0",
                "192.0.2.1:0: not an address of this machine");
        assertThat(folder).isEmptyDirectory();
    }

    private static void assertRefused(Path folder, String url, String why) throws Exception {
        ServerConfig client = builder(folder).listenClientUrls(url).build();
        ServerConfig metrics = builder(folder)
                .http(new HttpConfig(List.of(), ServerUrl.parseList("metrics", url), Set.of("*"),
                        Set.of("*"), true))
                .build();
        for (ServerConfig config : List.of(client, metrics)) {
            assertThatThrownBy(() -> EtcdServer.start(config).close())
                    .isInstanceOf(StartException.class).hasMessageEndingWith(why);
        }
    }

    private static ServerConfig.Builder builder(Path folder) {
        return ServerConfig.builder("one", folder.resolve("data"))
                .listenClientUrls("http://127.0.0.1:0").listenPeerUrls("http://127.0.0.1:0")
                .advertiseClientUrls("http://127.0.0.1:1");
    }
}
