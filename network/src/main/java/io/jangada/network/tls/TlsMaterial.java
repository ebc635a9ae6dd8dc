// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the files of a {@link PeerTls} hold. Immutable.
 *
 * @param chain this member's certificate and those above it
 * @param authorities the trusted ones; empty if everyone is trusted
 */
record TlsMaterial(PrivateKey key, List<X509Certificate> chain,
        List<X509Certificate> authorities) {

    /** Reads the files; blocks. Refuses a key that is not the certificate's. */
    static TlsMaterial load(PeerTls tls) throws TlsFileException {
        PrivateKey key = PemFiles.key(tls.keyFile());
        List<X509Certificate> chain = PemFiles.certificates(tls.certificateFile());
        List<X509Certificate> authorities = switch (tls.trust()) {
            case PeerTrust.Mutual mutual -> PemFiles.certificates(mutual.authorityFile());
            case PeerTrust.AcceptorOnly acceptor -> PemFiles.certificates(
                    acceptor.authorityFile());
            case PeerTrust.Anyone ignored -> List.of();
        };
        requirePair(key, chain.get(0), tls.keyFile(), tls.certificateFile());
        return new TlsMaterial(key, chain, authorities);
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** Signs with the one and verifies with the other: half a replacement is noticed here, not by peers. */
    private static void requirePair(PrivateKey key, X509Certificate certificate, Path keyFile,
            Path certificateFile) throws TlsFileException {
        byte[] text = "a pair".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new TlsFileException(keyFile, "not the key of the certificate in "
                    + certificateFile + ": " + e.getMessage(), e);
        }
        throw new TlsFileException(keyFile, "not the key of the certificate in "
                + certificateFile);
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }
}
