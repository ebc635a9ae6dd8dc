// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import io.jangada.server.config.ConfigException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * The keys in a PEM file: PKCS#8, PKCS#1 or SEC1, SubjectPublicKeyInfo, or a certificate's. Immutable.
 *
 * @param publicKey the first one; of an RSA key also if only the private half is there
 * @param privateKey the first one
 */
record PemKeys(Optional<PublicKey> publicKey, Optional<PrivateKey> privateKey) {

    /**
     * Reads {@code file}. Blocks.
     *
     * @throws ConfigException if it cannot be read, or is not PEM
     */
    static PemKeys read(String flag, Path file) throws ConfigException {
        PublicKey publicKey = null;
        PrivateKey privateKey = null;
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (var parser = new PEMParser(
                new StringReader(Files.readString(file, StandardCharsets.ISO_8859_1)))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                switch (next) {
                    case PrivateKeyInfo info -> privateKey = converter.getPrivateKey(info);
                    case PEMKeyPair pair -> {
                        privateKey = converter.getPrivateKey(pair.getPrivateKeyInfo());
                        publicKey = pair.getPublicKeyInfo() == null
                                ? publicKey
                                : converter.getPublicKey(pair.getPublicKeyInfo());
                    }
                    case SubjectPublicKeyInfo info -> publicKey = converter.getPublicKey(info);
                    case X509CertificateHolder certificate -> publicKey = converter
                            .getPublicKey(certificate.getSubjectPublicKeyInfo());
                    default -> {
                    } // Parameters of a curve.
                }
            }
            if (publicKey == null && privateKey instanceof RSAPrivateCrtKey rsa) {
                publicKey = KeyFactory.getInstance("RSA").generatePublic(
                        new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            }
        } catch (IOException | GeneralSecurityException | RuntimeException unusable) {
            // The parser answers some malformed keys with unchecked exceptions.
            throw new ConfigException(flag + "cannot read " + file + ": " + unusable.getMessage());
        }
        return new PemKeys(Optional.ofNullable(publicKey), Optional.ofNullable(privateKey));
    }
}
