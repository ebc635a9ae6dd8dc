// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** This process is member 1, and member 0 does not run. */
class DiallerTest {
    @Test
    void findsTheProcessThatMadeAConnection() throws Exception {
        Dialler dialler = new Dialler(2, member -> member == 1
                ? Optional.of(ProcessHandle.current())
                : Optional.empty());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket dialled = new Socket(InetAddress.getLoopbackAddress(),
                        server.getLocalPort())) {
            assertThat(dialler.member(dialled.getLocalPort(), server.getLocalPort()))
                    .isEqualTo(1);
            assertThat(new Dialler(2, ignored -> Optional.empty())
                    .member(dialled.getLocalPort(), server.getLocalPort()))
                    .isEqualTo(Links.UNKNOWN);
            assertThat(dialler.member(1, server.getLocalPort())).isEqualTo(Links.UNKNOWN);
        }
    }
}
