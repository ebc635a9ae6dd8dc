// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateNamesTest {
    @TempDir
    Path directory;

    private PeerTls tls;
    private X509Certificate certificate;

    @BeforeEach
    void issue() throws Exception {
        tls = new TestAuthority(directory, "one").mutual("infra0", "a.example", "*.b.example",
                "10.0.0.1");
        certificate = PemFiles.certificates(tls.certificateFile()).get(0);
    }

    @Test
    void hostNamesAndAddressesAreMatched() {
        assertThat(CertificateNames.isFor("a.example", certificate)).isTrue();
        assertThat(CertificateNames.isFor("A.Example", certificate)).isTrue();
        assertThat(CertificateNames.isFor("x.b.example", certificate)).isTrue();
        assertThat(CertificateNames.isFor("10.0.0.1", certificate)).isTrue();

        assertThat(CertificateNames.isFor("b.example", certificate)).isFalse();
        assertThat(CertificateNames.isFor("y.x.b.example", certificate)).isFalse();
        assertThat(CertificateNames.isFor(".b.example", certificate)).isFalse();
        assertThat(CertificateNames.isFor("10.0.0.2", certificate)).isFalse();
        assertThat(CertificateNames.isFor("infra0", certificate)).isFalse();
    }

    @Test
    void oneOfTheAllowedNamesIsEnough() throws Exception {
        new CertificateNames(tls).check(certificate);
        new CertificateNames(tls.withAllowedCommonNames(List.of("x", "infra0")))
                .check(certificate);
        new CertificateNames(tls.withAllowedHostnames(List.of("x", "a.example")))
                .check(certificate);

        assertThatThrownBy(() -> new CertificateNames(
                tls.withAllowedCommonNames(List.of("infra1"))).check(certificate))
                .isInstanceOf(CertificateException.class).hasMessageContaining("\"infra0\"");
        assertThatThrownBy(() -> new CertificateNames(
                tls.withAllowedHostnames(List.of("c.example"))).check(certificate))
                .isInstanceOf(CertificateException.class);
    }
}
