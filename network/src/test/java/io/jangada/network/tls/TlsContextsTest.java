// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.tls.TlsContexts.Contexts;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsContextsTest {
    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final ArrayDeque<Runnable> blocking = new ArrayDeque<>();
    private TestAuthority authority;
    private PeerTls tls;

    @BeforeEach
    void issue() throws IOException {
        authority = new TestAuthority(directory, "one");
        tls = authority.mutual("member", "127.0.0.1");
    }

    @Test
    void filesThatStayAreReadOnce() throws Exception {
        TlsContexts contexts = open();
        Contexts first = current(contexts);

        clock.pass(100);

        assertThat(current(contexts)).isSameAs(first);
    }

    @Test
    void changedFilesAreReadAgainOnceASecondAndOffTheLoop() throws Exception {
        TlsContexts contexts = open();
        Contexts first = current(contexts);
        replace(authority.mutual("other", "127.0.0.1"));

        assertThat(current(contexts)).isSameAs(first);
        clock.pass(1);
        var seen = new AtomicReference<Contexts>();
        contexts.current(seen::set);
        assertThat(seen).hasValue(null);
        assertThat(current(contexts)).as("only one looks").isSameAs(first);
        blocking.remove().run();

        assertThat(seen.get()).isNotNull().isNotSameAs(first);
    }

    @Test
    void filesThatAreNoGoodAnyMoreAreNotUsed() throws Exception {
        TlsContexts contexts = open();
        Contexts first = current(contexts);
        PeerTls other = authority.mutual("other", "127.0.0.1");
        move(other.keyFile(), tls.keyFile());

        clock.pass(1);
        assertThat(current(contexts)).as("half a replacement").isSameAs(first);
        Files.delete(tls.certificateFile());
        clock.pass(1);
        assertThat(current(contexts)).as("no certificate").isSameAs(first);
        move(other.certificateFile(), tls.certificateFile());
        clock.pass(1);

        assertThat(current(contexts)).isNotSameAs(first);
    }

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "EC, 256"})
    void keysInOtherProgramsFormatsAreRead(String algorithm, int bits) throws Exception {
        PeerTls traditional = authority.traditional(algorithm, bits);
        assertThat(Files.readString(traditional.keyFile()))
                .contains("BEGIN " + algorithm + " PRIVATE KEY");

        assertThat(current(TlsContexts.open(traditional, blocking::add, clock))).isNotNull();
    }

    @Test
    void everyFileThatIsNoGoodIsNamedWithTheReason() throws Exception {
        Path missing = directory.resolve("nowhere.pem");
        Path garbage = Files.writeString(directory.resolve("garbage.pem"),
                "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n");
        Path damagedKey = Files.writeString(directory.resolve("damaged.pem"),
                "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        PeerTls other = authority.mutual("other", "127.0.0.1");

        refused(PeerTls.mutual(missing, tls.keyFile(), authority.file()), missing,
                "no such file");
        refused(PeerTls.mutual(tls.certificateFile(), missing, authority.file()), missing,
                "no such file");
        refused(PeerTls.mutual(tls.certificateFile(), tls.keyFile(), missing), missing,
                "no such file");
        refused(PeerTls.mutual(garbage, tls.keyFile(), authority.file()), garbage,
                "not a certificate");
        refused(PeerTls.mutual(empty, tls.keyFile(), authority.file()), empty,
                "no certificate");
        refused(PeerTls.mutual(tls.certificateFile(), empty, authority.file()), empty,
                "no private key");
        refused(PeerTls.mutual(tls.certificateFile(), damagedKey, authority.file()), damagedKey,
                "not a private key");
        refused(PeerTls.mutual(tls.certificateFile(), authority.file(), authority.file()),
                authority.file(), "no private key");
        refused(PeerTls.mutual(tls.certificateFile(), other.keyFile(), authority.file()),
                other.keyFile(), "not the key of the certificate");
        refused(PeerTls.mutual(directory, tls.keyFile(), authority.file()), directory,
                "cannot be read");
    }

    @Test
    void namesAreOnlyCheckedWherePeersShowThem() {
        assertThatThrownBy(() -> new PeerTls(tls.certificateFile(), tls.keyFile(),
                new PeerTrust.AcceptorOnly(authority.file()), List.of("a"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PeerTls(tls.certificateFile(), tls.keyFile(),
                new PeerTrust.Anyone(), List.of(), List.of("a")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNativeLibraryIsUsedWhereThereIsOne() throws Exception {
        Contexts now = current(open());

        assertThat(now.acceptor().getClass().getSimpleName())
                .startsWith(OpenSsl.isAvailable() ? "OpenSsl" : "Jdk");
        assertThat(now.dialer().getClass().getSimpleName())
                .startsWith(OpenSsl.isAvailable() ? "OpenSsl" : "Jdk");
    }

    private TlsContexts open() throws TlsFileException {
        return TlsContexts.open(tls, blocking::add, clock);
    }

    private Contexts current(TlsContexts contexts) {
        var seen = new AtomicReference<Contexts>();
        contexts.current(seen::set);
        if (seen.get() == null) {
            blocking.remove().run();
        }
        return seen.get();
    }

    private void replace(PeerTls by) throws IOException {
        move(by.keyFile(), tls.keyFile());
        move(by.certificateFile(), tls.certificateFile());
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private void refused(PeerTls bad, Path file, String reason) {
        assertThatThrownBy(() -> TlsContexts.open(bad, blocking::add, clock))
                .isInstanceOfSatisfying(TlsFileException.class,
                        e -> assertThat(e.file()).isEqualTo(file))
                .hasMessageStartingWith(file + ": " + reason);
    }
}
