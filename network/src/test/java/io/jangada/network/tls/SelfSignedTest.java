// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedTest {
    private static final List<String> HOSTS = List.of("127.0.0.1", "::1", "a.example");

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();

    @Test
    void isMadeOnceAndUsedAgain() throws Exception {
        PeerTls made = SelfSigned.in(directory.resolve("tls"), HOSTS, clock);
        byte[] before = Files.readAllBytes(made.certificateFile());
        clock.pass(SelfSigned.VALIDITY.toSeconds() - 10);

        assertThat(SelfSigned.in(directory.resolve("tls"), HOSTS, clock)).isEqualTo(made);
        assertThat(Files.readAllBytes(made.certificateFile())).isEqualTo(before);
        assertThat(made.trust()).isEqualTo(new PeerTrust.Anyone());
        X509Certificate certificate = PemFiles.certificates(made.certificateFile()).get(0);
        assertThat(HOSTS).allMatch(host -> CertificateNames.isFor(host, certificate));
    }

    @Test
    void isMadeAgainOnceItHasExpired() throws Exception {
        PeerTls made = SelfSigned.in(directory, HOSTS, clock);
        byte[] before = Files.readAllBytes(made.certificateFile());
        clock.pass(SelfSigned.VALIDITY.toSeconds() + 10);

        SelfSigned.in(directory, HOSTS, clock);

        assertThat(Files.readAllBytes(made.certificateFile())).isNotEqualTo(before);
        assertThat(TlsMaterial.load(made).certificate().getNotAfter().toInstant())
                .isAfter(clock.instant());
    }

    @Test
    void isMadeAgainIfItsMakingWasCutShort() throws Exception {
        PeerTls made = SelfSigned.in(directory, HOSTS, clock);
        Files.delete(made.certificateFile());

        SelfSigned.in(directory, HOSTS, clock);

        assertThat(TlsMaterial.load(made)).isNotNull();
    }

    @Test
    void onlyTheOwnerReadsTheKey() throws Exception {
        PeerTls made = SelfSigned.in(directory, HOSTS, clock);

        assertThat(Files.getPosixFilePermissions(made.keyFile())).containsExactlyInAnyOrder(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void somebodyElsesFilesAreNotReplaced() throws Exception {
        Files.writeString(directory.resolve("cert.pem"), "mine");
        Files.writeString(directory.resolve("key.pem"), "mine");

        assertThatThrownBy(() -> SelfSigned.in(directory, HOSTS, clock))
                .isInstanceOf(TlsFileException.class);
        assertThat(Files.readString(directory.resolve("key.pem"))).isEqualTo("mine");
    }
}
