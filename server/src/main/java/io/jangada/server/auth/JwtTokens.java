// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.jangada.server.config.AuthConfig;
import io.jangada.server.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;

/**
 * etcd's JSON web tokens: the claims are {@code username}, {@code revision} (that of the users and roles
 * when it was given) and {@code exp}. Nothing is remembered; a token counts until it expires or, for keys,
 * until users or roles change. RSA (RS, PS), elliptic curves (ES) and HMAC (HS). Thread-safe.
 */
public final class JwtTokens implements Tokens {
    private static final String FLAG = "--auth-token: ";

    private final JWSAlgorithm algorithm;
    private final Keys keys;
    private final Duration ttl;
    private final InstantSource clock;

    private record Keys(JWSVerifier verifier, Optional<JWSSigner> signer) {}

    private JwtTokens(JWSAlgorithm algorithm, Keys keys, Duration ttl, InstantSource clock) {
        this.algorithm = algorithm;
        this.keys = keys;
        this.ttl = ttl;
        this.clock = clock;
    }

    /**
     * Reads the keys. Blocks.
     *
     * @throws ConfigException if one is missing, unreadable, of another kind than the method's, or not the
     *     other's half, or the method is unknown
     */
    public static JwtTokens open(AuthConfig.Jwt config, InstantSource clock)
            throws ConfigException {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(config.signMethod());
        JwtTokens tokens;
        try {
            Keys keys;
            if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) {
                keys = secret(config);
            } else if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
                keys = rsa(config);
            } else if (JWSAlgorithm.Family.EC.contains(algorithm)) {
                keys = curve(config);
            } else {
                throw new ConfigException(
                        FLAG + "sign-method " + config.signMethod() + " is not supported");
            }
            tokens = new JwtTokens(algorithm, keys, config.ttl(), clock);
            tokens.checkPair();
        } catch (JOSEException | IllegalArgumentException unfit) {
            throw new ConfigException(FLAG + "the key does not fit " + config.signMethod() + ": "
                    + unfit.getMessage());
        }
        return tokens;
    }

    private static Keys secret(AuthConfig.Jwt config) throws ConfigException, JOSEException {
        byte[] secret = read(config.privateKey()
                .orElseThrow(() -> new ConfigException(FLAG + "HMAC needs a priv-key")))
                .getBytes(StandardCharsets.ISO_8859_1);
        return new Keys(new MACVerifier(secret), Optional.of(new MACSigner(secret)));
    }

    private static Keys rsa(AuthConfig.Jwt config) throws ConfigException {
        Optional<PrivateKey> signing = signing(config);
        if (checking(config) instanceof RSAPublicKey key) {
            return new Keys(new RSASSAVerifier(key), signing.map(RSASSASigner::new));
        }
        throw new ConfigException(FLAG + "the key is not one for " + config.signMethod());
    }

    private static Keys curve(AuthConfig.Jwt config) throws ConfigException, JOSEException {
        Optional<PrivateKey> signing = signing(config);
        if (checking(config) instanceof ECPublicKey key) {
            ECDSAVerifier verifier = new ECDSAVerifier(key);
            return signing.isPresent() && signing.get() instanceof ECPrivateKey own
                    ? new Keys(verifier, Optional.of(new ECDSASigner(own)))
                    : new Keys(verifier, Optional.empty());
        }
        throw new ConfigException(FLAG + "the key is not one for " + config.signMethod());
    }

    private static PublicKey checking(AuthConfig.Jwt config) throws ConfigException {
        Path file = config.publicKey().or(config::privateKey)
                .orElseThrow(() -> new ConfigException(FLAG + "jwt needs a pub-key or priv-key"));
        return PemKeys.read(FLAG, file).publicKey()
                .orElseThrow(() -> new ConfigException(FLAG + file + " has no public key"));
    }

    private static Optional<PrivateKey> signing(AuthConfig.Jwt config) throws ConfigException {
        if (config.privateKey().isEmpty()) {
            return Optional.empty();
        }
        Path file = config.privateKey().get();
        Optional<PrivateKey> key = PemKeys.read(FLAG, file).privateKey();
        if (key.isEmpty()) {
            throw new ConfigException(FLAG + file + " has no private key");
        }
        return key;
    }

    private static String read(Path file) throws ConfigException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new ConfigException(FLAG + "cannot read " + unreadable.getMessage());
        }
    }

    private void checkPair() throws ConfigException, JOSEException {
        Optional<String> own = sign("", 1);
        if (own.isPresent() && claims(own.get()).isEmpty()) {
            throw new ConfigException(FLAG + "pub-key and priv-key are not of one pair");
        }
    }

    /**
     * A token that says {@code user}; empty if this member has no key to sign with.
     *
     * @param authRevision at which the password was checked
     */
    public Optional<String> give(String user, long authRevision) {
        try {
            return sign(user, authRevision);
        } catch (JOSEException broken) {
            throw new IllegalStateException("the key signed before", broken);
        }
    }

    private Optional<String> sign(String user, long authRevision) throws JOSEException {
        if (keys.signer.isEmpty()) {
            return Optional.empty();
        }
        Instant expires = clock.instant().plus(ttl);
        SignedJWT token = new SignedJWT(new JWSHeader(algorithm),
                new JWTClaimsSet.Builder().claim("username", user).claim("revision", authRevision)
                        .expirationTime(Date.from(expires)).build());
        token.sign(keys.signer.get());
        return Optional.of(token.serialize());
    }

    @Override
    public Named resolve(String token, long authRevision) {
        return claims(token).<Named>map(claims -> {
            Object user = claims.getClaim("username");
            Object revision = claims.getClaim("revision");
            // A negative revision would be a member's own.
            return user instanceof String name && revision instanceof Number number
                    && number.longValue() >= 0
                            ? new Known(new Caller(name, number.longValue()))
                            : new Unknown();
        }).orElseGet(Unknown::new);
    }

    private Optional<JWTClaimsSet> claims(String token) {
        try {
            SignedJWT signed = SignedJWT.parse(token);
            // Else an attacker chose the method: a public key is no secret for HMAC.
            if (!signed.getHeader().getAlgorithm().equals(algorithm)
                    || !signed.verify(keys.verifier)) {
                return Optional.empty();
            }
            JWTClaimsSet claims = signed.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            Date begins = claims.getNotBeforeTime();
            Instant now = clock.instant();
            boolean counts = (expires == null || now.isBefore(expires.toInstant()))
                    && (begins == null || !now.isBefore(begins.toInstant()));
            return counts ? Optional.of(claims) : Optional.empty();
        } catch (ParseException | JOSEException | IllegalStateException malformed) {
            return Optional.empty();
        }
    }
}
