// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialTest {
    private static final Optional<String> NAME = Optional.of("alice");

    @Test
    void aTokenGoesBeforeACertificate() {
        assertThat(Credential.of(with("token", "t"), NAME)).isEqualTo(new Credential.Token("t"));
        assertThat(Credential.of(new Metadata(), NAME))
                .isEqualTo(new Credential.CommonName("alice"));
        assertThat(Credential.of(new Metadata(), Optional.empty()))
                .isEqualTo(new Credential.None());
    }

    @Test
    void theCertificateOfAGatewayOrAMemberSaysNothingOfTheCaller() {
        assertThat(Credential.of(with("grpcgateway-accept", "*/*"), NAME))
                .isEqualTo(new Credential.None());
        assertThat(Credential.of(with("jangada-forwarded", "true"), NAME))
                .isEqualTo(new Credential.None());
    }

    private static Metadata with(String name, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return headers;
    }
}
