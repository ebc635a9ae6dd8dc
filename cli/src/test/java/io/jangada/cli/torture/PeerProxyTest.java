// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.torture.Links.Link;
import io.jangada.cli.torture.Links.Rule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets on loopback: what member 1 sends to member 0 through the proxy, and what comes back. */
@Timeout(30)
class PeerProxyTest {
    private static final Link THERE = new Link(1, 0);
    private static final Link BACK = new Link(0, 1);
    private static final byte[] HELLO = {104, 101, 108, 108, 111};
    /** So long nothing comes on a link that is cut: on a slow machine the check is the weaker, never wrong. */
    private static final int SILENCE_MILLIS = 100;

    private final Links links = new Links();
    private final ServerSocket member;
    private final PeerProxy proxy;

    PeerProxyTest() throws IOException {
        member = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        proxy = PeerProxy.open(0, member.getLocalPort(), links, (from, to) -> 1, 7);
    }

    /** Both ends of a connection through the proxy. */
    private record Connection(Socket dialled, Socket accepted) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            dialled.close();
            accepted.close();
        }
    }

    private Connection connect() throws IOException {
        return new Connection(new Socket(InetAddress.getLoopbackAddress(), proxy.port()),
                member.accept());
    }

    @BeforeEach
    void rulesAreOpen() {
        assertThat(links.rule(THERE)).isEqualTo(new Rule.Open());
    }

    @AfterEach
    void close() throws IOException {
        links.healAll();
        proxy.close();
        member.close();
    }

    private static void send(Socket from) throws IOException {
        from.getOutputStream().write(HELLO);
    }

    private static byte[] receive(Socket at) throws IOException {
        return at.getInputStream().readNBytes(HELLO.length);
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        try (Connection connection = connect()) {
            send(connection.dialled);
            assertThat(receive(connection.accepted)).isEqualTo(HELLO);
            send(connection.accepted);
            assertThat(receive(connection.dialled)).isEqualTo(HELLO);
        }
    }

    @Test
    void aCutHoldsBytesInItsDirectionAloneUntilItIsHealed() throws Exception {
        try (Connection connection = connect()) {
            links.set(THERE, new Rule.Cut());
            send(connection.dialled);
            send(connection.accepted);
            assertThat(receive(connection.dialled)).isEqualTo(HELLO);
            connection.accepted.setSoTimeout(SILENCE_MILLIS);
            assertThatThrownBy(() -> connection.accepted.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            connection.accepted.setSoTimeout(0);
            links.heal(THERE);
            assertThat(receive(connection.accepted)).isEqualTo(HELLO);
        }
    }

    @Test
    void theEndOfAConnectionDoesNotPassACut() throws Exception {
        try (Connection connection = connect()) {
            links.set(THERE, new Rule.Cut());
            connection.dialled.close();
            connection.accepted.setSoTimeout(SILENCE_MILLIS);
            assertThatThrownBy(() -> connection.accepted.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void delayedBytesComeLate() throws Exception {
        try (Connection connection = connect()) {
            links.set(BACK, new Rule.Delay(Duration.ofMillis(80)));
            long sent = System.nanoTime();
            send(connection.accepted);
            assertThat(receive(connection.dialled)).isEqualTo(HELLO);
            assertThat(Duration.ofNanos(System.nanoTime() - sent))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(80));
        }
    }

    @Test
    void aCorruptedPieceDiffersInOneBit() throws Exception {
        try (Connection connection = connect()) {
            links.set(THERE, new Rule.Corrupt(1_000));
            send(connection.dialled);
            byte[] received = receive(connection.accepted);
            int bits = 0;
            for (int i = 0; i < HELLO.length; i++) {
                bits += Integer.bitCount((received[i] ^ HELLO[i]) & 0xff);
            }
            assertThat(bits).isEqualTo(1);
        }
    }

    @Test
    void aDropBreaksConnectionsAndRefusesNewOnes() throws Exception {
        try (Connection connection = connect()) {
            links.set(BACK, new Rule.Drop());
            assertThatThrownBy(() -> connection.dialled.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            try (Socket refused = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                assertThat(isOver(refused)).isTrue();
            }
        }
        links.healAll();
        try (Connection again = connect()) {
            send(again.dialled);
            assertThat(receive(again.accepted)).isEqualTo(HELLO);
        }
    }

    /** A reset may be seen before or after the first look. */
    private static boolean isOver(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException ignored) {
            return true;
        }
    }

    @Test
    void anUnknownDiallerMeetsEveryRuleOfItsTarget() {
        links.set(THERE, new Rule.Cut());
        assertThat(links.rule(new Link(Links.UNKNOWN, 0))).isEqualTo(new Rule.Cut());
        assertThat(links.rule(new Link(0, Links.UNKNOWN))).isEqualTo(new Rule.Open());
        assertThat(links.rule(new Link(2, 0))).isEqualTo(new Rule.Open());
    }
}
