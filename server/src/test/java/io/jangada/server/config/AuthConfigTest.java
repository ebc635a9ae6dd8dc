// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flags of authentication. */
final class AuthConfigTest {

    @Test
    void simpleIsTheDefault() throws ConfigException {
        assertThat(AuthConfig.parse("simple", 300, 10)).isEqualTo(AuthConfig.DEFAULT);
    }

    @Test
    void jwtHasOptions() throws ConfigException {
        assertThat(AuthConfig.parse("jwt,pub-key=a,priv-key=b,sign-method=RS256,ttl=10m", 1, 4))
                .isEqualTo(new AuthConfig(new AuthConfig.Jwt(Optional.of(Path.of("a")),
                        Optional.of(Path.of("b")), "RS256", Duration.ofMinutes(10)),
                        Duration.ofSeconds(1), 4));
        assertThat(AuthConfig.parse("jwt,priv-key=b,sign-method=HS256", 1, 4).token())
                .isEqualTo(new AuthConfig.Jwt(Optional.empty(), Optional.of(Path.of("b")),
                        "HS256", Duration.ofMinutes(5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "jwt", "jwt,pub-key", "jwt,sign-method=RS256,pub=a",
        "jwt,sign-method=RS256,sign-method=RS256", "jwt,sign-method=RS256,ttl=soon"})
    void whatIsMalformedIsRefused(String token) {
        assertThatThrownBy(() -> AuthConfig.parse(token, 300, 10))
                .isInstanceOf(ConfigException.class).hasMessageContaining("--auth-token");
    }

    @Test
    void aTokenLivesForSomeTime() {
        assertThatThrownBy(() -> AuthConfig.parse("simple", 0, 10))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--auth-token-ttl is 0 s, must be more than 0 s");
    }
}
