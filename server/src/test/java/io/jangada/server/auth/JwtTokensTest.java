// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.jangada.server.config.AuthConfig;
import io.jangada.server.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON web tokens with keys made for the test, in virtual time. */
final class JwtTokensTest {
    private static final Duration TTL = Duration.ofMinutes(5);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;
    private Instant now = Instant.ofEpochSecond(1_000_000_000);

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS384", "ES256", "HS256"})
    void aTokenTellsUserAndRevisionUntilItExpires(String method) throws Exception {
        JwtTokens tokens = switch (method.substring(0, 2)) {
            case "ES" -> open(method, pair("EC"));
            case "HS" -> open(method, Optional.empty(), Optional.of(secret()));
            default -> open(method, pair("RSA"));
        };
        String token = tokens.give("u", 7).orElseThrow();
        assertThat(tokens.resolve(token, 9)).isEqualTo(known("u", 7));
        now = now.plus(TTL).minusSeconds(1);
        assertThat(tokens.resolve(token, 9)).isEqualTo(known("u", 7));
        now = now.plusSeconds(1);
        assertThat(tokens.resolve(token, 9)).isEqualTo(new Tokens.Unknown());
    }

    @Test
    void aMemberWithThePublicKeyOnlyChecks() throws Exception {
        KeyPair pair = pair("RSA");
        Path publicKey = write("PUBLIC KEY", pair.getPublic());
        JwtTokens checks = open("RS256", Optional.of(publicKey), Optional.empty());
        String token = open("RS256", pair).give("u", 7).orElseThrow();
        assertThat(checks.give("u", 7)).isEmpty();
        assertThat(checks.resolve(token, 9)).isEqualTo(known("u", 7));
    }

    @Test
    void theTokensOfOtherKeysNameNobody() throws Exception {
        String other = open("RS256", pair("RSA")).give("u", 7).orElseThrow();
        assertThat(open("RS256", pair("RSA")).resolve(other, 9)).isEqualTo(new Tokens.Unknown());
    }

    @Test
    void theMethodIsNotTheCallersChoice() throws Exception {
        Path publicKey = write("PUBLIC KEY", pair("RSA").getPublic());
        JwtTokens tokens = open("RS256", Optional.of(publicKey), Optional.empty());
        SignedJWT forged = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(7));
        forged.sign(new MACSigner(Files.readAllBytes(publicKey)));
        assertThat(tokens.resolve(forged.serialize(), 9)).isEqualTo(new Tokens.Unknown());
        String none = Base64.getUrlEncoder().withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + claims(7).toPayload().toBase64URL() + ".";
        assertThat(tokens.resolve(none, 9)).isEqualTo(new Tokens.Unknown());
    }

    @Test
    void nobodyBecomesAMember() throws Exception {
        Path secret = secret();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(-1));
        token.sign(new MACSigner(Files.readAllBytes(secret)));
        assertThat(open("HS256", Optional.empty(), Optional.of(secret))
                .resolve(token.serialize(), 9)).isEqualTo(new Tokens.Unknown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.b.c", "abcdefgh.7"})
    void garbageNamesNobody(String garbage) throws Exception {
        assertThat(open("RS256", pair("RSA")).resolve(garbage, 9))
                .isEqualTo(new Tokens.Unknown());
    }

    @Test
    void keysThatDoNotFitAreRefused() throws Exception {
        KeyPair pair = pair("RSA");
        Path publicKey = write("PUBLIC KEY", pair.getPublic());
        Path otherKey = write("PRIVATE KEY", pair("RSA").getPrivate());
        refuses("RS256", Optional.of(publicKey), Optional.of(otherKey), "not of one pair");
        refuses("ES256", Optional.of(publicKey), Optional.empty(), "ES256");
        refuses("XX", Optional.of(publicKey), Optional.empty(), "XX is not supported");
        refuses("RS256", Optional.empty(), Optional.empty(), "needs a pub-key or priv-key");
        refuses("RS256", Optional.of(folder.resolve("none")), Optional.empty(), "cannot read");
        Path text = Files.writeString(folder.resolve("text"), "text");
        refuses("RS256", Optional.of(text), Optional.empty(), "text");
        refuses("HS256", Optional.empty(), Optional.of(text), "HS256");
    }

    private void refuses(String method, Optional<Path> publicKey, Optional<Path> privateKey,
            String line) {
        assertThatThrownBy(() -> open(method, publicKey, privateKey))
                .isInstanceOf(ConfigException.class).hasMessageStartingWith("--auth-token: ")
                .hasMessageContaining(line);
    }

    private JwtTokens open(String method, KeyPair pair) throws Exception {
        return open(method, Optional.of(write("PUBLIC KEY", pair.getPublic())),
                Optional.of(write("PRIVATE KEY", pair.getPrivate())));
    }

    private JwtTokens open(String method, Optional<Path> publicKey, Optional<Path> privateKey)
            throws ConfigException {
        return JwtTokens.open(new AuthConfig.Jwt(publicKey, privateKey, method, TTL), () -> now);
    }

    private JWTClaimsSet claims(long revision) {
        return new JWTClaimsSet.Builder().claim("username", "u").claim("revision", revision)
                .build();
    }

    private Path secret() throws Exception {
        return Files.writeString(folder.resolve("secret"), "s".repeat(64));
    }

    private Path write(String kind, Key key) throws Exception {
        Path file = Files.createTempFile(folder, "key", ".pem");
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded()) + "\n-----END " + kind
                + "-----\n");
    }

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else {
            generator.initialize(2_048);
        }
        return generator.generateKeyPair();
    }

    private static Tokens.Known known(String user, long revision) {
        return new Tokens.Known(new Caller(user, revision));
    }
}
