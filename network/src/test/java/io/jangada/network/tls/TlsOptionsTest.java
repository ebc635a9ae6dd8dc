// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.tls.TlsContexts.Contexts;
import io.jangada.network.tls.TlsOptions.SourceAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes between two ends in one thread, each narrowed in its way. */
class TlsOptionsTest {
    private static final String GCM = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private TestAuthority authority;
    private PeerTls one;
    private PeerTls two;

    @BeforeEach
    void issue() throws Exception {
        authority = new TestAuthority(directory, "authority");
        one = authority.mutual("one", "127.0.0.1");
        two = authority.mutual("two", "127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void versionsAndCiphersAreThoseThatAreChosen(SslProvider provider) throws Exception {
        TlsOptions old = TlsOptions.DEFAULT.withProtocol(List.of("TLSv1.2"), List.of(GCM));

        var session = handshake(open(one.withOptions(old), provider), open(two, provider))
                .engine().getSession();

        assertThat(session.getProtocol()).isEqualTo("TLSv1.2");
        assertThat(session.getCipherSuite()).isEqualTo(GCM);
        assertThat(handshake(open(one, provider), open(two, provider)).engine().getSession()
                .getProtocol()).isEqualTo("TLSv1.3");
        assertThatThrownBy(() -> handshake(open(one.withOptions(old), provider),
                open(two.withOptions(TlsOptions.DEFAULT.withProtocol(List.of("TLSv1.3"),
                        List.of())), provider)))
                .isInstanceOf(Exception.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void chosenCiphersLeaveTheNewestVersionOn(SslProvider provider) throws Exception {
        PeerTls narrow = one.withOptions(TlsOptions.DEFAULT
                .withProtocol(TlsOptions.DEFAULT.versions(), List.of(GCM)));

        assertThat(handshake(open(narrow, provider), open(two, provider)).engine().getSession()
                .getProtocol()).isEqualTo("TLSv1.3");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void theAcceptorsFirstProtocolThatTheDialerKnowsIsSpoken(SslProvider provider)
            throws Exception {
        PeerTls server = one.withOptions(
                TlsOptions.DEFAULT.withApplicationProtocols(List.of("http/1.1", "h2")));
        PeerTls http = two.withOptions(
                TlsOptions.DEFAULT.withApplicationProtocols(List.of("http/1.1")));

        assertThat(handshake(open(server, provider), open(server, provider))
                .applicationProtocol()).isEqualTo("h2");
        assertThat(handshake(open(server, provider), open(http, provider))
                .applicationProtocol()).isEqualTo("http/1.1");
        assertThat(handshake(open(server, provider), open(two, provider))
                .applicationProtocol()).as("says nothing").isNull();
    }

    @Test
    void aRevokedCertificateIsRefusedAtBothEndsOnceTheListHasChanged() throws Exception {
        Path list = authority.revokeNothing();
        PeerTls checking = one
                .withOptions(TlsOptions.DEFAULT.withRevocationFiles(List.of(list)));
        TlsContexts contexts = open(checking, SslProvider.JDK);
        assertThatCode(() -> handshake(contexts, open(two, SslProvider.JDK)))
                .doesNotThrowAnyException();

        authority.revoke(two);
        clock.pass(1);

        assertThatThrownBy(() -> handshake(contexts, open(two, SslProvider.JDK)))
                .hasRootCauseInstanceOf(CertificateException.class).rootCause()
                .hasMessageContaining("is revoked");
        assertThatThrownBy(() -> handshake(open(two, SslProvider.JDK), contexts))
                .isInstanceOf(Exception.class);
        assertThatCode(() -> handshake(contexts, open(one, SslProvider.JDK)))
                .doesNotThrowAnyException();
    }

    @Test
    void aListThatIsNoneIsNamed() throws Exception {
        Path garbage = Files.writeString(directory.resolve("garbage.crl"), "garbage");
        Path missing = directory.resolve("nowhere.crl");
        for (Path file : List.of(garbage, missing)) {
            assertThatThrownBy(() -> open(one.withOptions(
                    TlsOptions.DEFAULT.withRevocationFiles(List.of(file))), SslProvider.JDK))
                    .isInstanceOfSatisfying(TlsFileException.class,
                            e -> assertThat(e.file()).isEqualTo(file));
        }
    }

    @Test
    void aDialerShowsACertificateOfItsOwn() throws Exception {
        PeerTls other = authority.mutual("other");
        TlsContexts dialer = open(two.withOptions(TlsOptions.DEFAULT.withDialerKeys(
                List.of(new KeyFiles(other.certificateFile(), other.keyFile())))),
                SslProvider.JDK);

        var session = handshake(open(one, SslProvider.JDK), dialer).engine().getSession();

        assertThat(CertificateNames
                .commonName((X509Certificate) session.getPeerCertificates()[0])).contains("other");
    }

    @Test
    void aCertificateIsForTheAddressThatItNamesOrThatItsNameLeadsTo() throws Exception {
        X509Certificate byAddress = certificate("a", "10.0.0.1");
        X509Certificate byName = certificate("b", "localhost");
        X509Certificate byNeither = certificate("c");

        SourceNames.check(byAddress, "10.0.0.1");
        SourceNames.check(byName, "127.0.0.1");
        SourceNames.check(byNeither, "10.0.0.9");
        assertThatThrownBy(() -> SourceNames.check(byAddress, "127.0.0.1"))
                .isInstanceOf(CertificateException.class).hasMessageContaining("127.0.0.1");
        assertThatThrownBy(() -> SourceNames.check(byName, "10.0.0.1"))
                .isInstanceOf(CertificateException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void theAddressOfADialerIsComparedIfItShallBe(SslProvider provider) throws Exception {
        PeerTls elsewhere = authority.mutual("elsewhere", "10.0.0.1");
        PeerTls strict = one
                .withOptions(TlsOptions.DEFAULT.withSourceAddress(SourceAddress.NAMED));

        assertThatThrownBy(() -> handshake(open(strict, provider), open(elsewhere, provider)))
                .hasStackTraceContaining("where the connection comes from");
        assertThatCode(() -> handshake(open(strict, provider), open(two, provider)))
                .doesNotThrowAnyException();
        assertThatCode(() -> handshake(open(one, provider), open(elsewhere, provider)))
                .doesNotThrowAnyException();
    }

    private X509Certificate certificate(String name, String... hosts) throws Exception {
        return PemFiles.certificates(authority.mutual(name, hosts).certificateFile()).getFirst();
    }

    private TlsContexts open(PeerTls tls, SslProvider provider) throws Exception {
        return TlsContexts.open(tls, provider, Runnable::run, clock);
    }

    /** The acceptor's end; throws what made it fail. */
    private static SslHandler handshake(TlsContexts acceptor, TlsContexts dialer)
            throws Exception {
        var accepted = new AtomicReference<Contexts>();
        var dialed = new AtomicReference<Contexts>();
        acceptor.current(accepted::set);
        dialer.current(dialed::set);
        SslHandler client = dialed.get().dialer().newHandler(ByteBufAllocator.DEFAULT,
                "127.0.0.1", 1);
        var to = new EmbeddedChannel();
        var from = new Remote();
        SslHandler server = acceptor.accept(accepted.get(), from);
        from.pipeline().addLast(server);
        to.pipeline().addLast(client);
        @Nullable
        Throwable failure = null;
        while (failure == null && !(server.handshakeFuture().isSuccess()
                && client.handshakeFuture().isSuccess())) {
            @Nullable
            Throwable carried = carry(to, from);
            failure = carried == null ? carry(from, to) : carried;
            @Nullable
            Throwable told = server.handshakeFuture().cause();
            failure = told == null ? failure : told;
        }
        if (failure != null) {
            throw new Exception(failure);
        }
        return server;
    }

    private static @Nullable Throwable carry(EmbeddedChannel from, EmbeddedChannel to) {
        try {
            from.runPendingTasks();
            for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from
                    .readOutbound()) {
                to.writeInbound(bytes);
            }
            return null;
        } catch (Exception failed) { // The embedded channel throws what a handler could not help.
            return failed;
        }
    }

    /** Comes from loopback. */
    private static final class Remote extends EmbeddedChannel {
        @Override
        protected @Nullable SocketAddress remoteAddress0() {
            return isActive() ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 1) : null;
        }
    }
}
