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
 * @param acceptor what an acceptor shows
 * @param dialer what a dialer shows
 * @param authorities the trusted ones; empty if everyone is trusted, or those of the web are
 * @param revoked certificates that are not accepted
 */
record TlsMaterial(Shown acceptor, Shown dialer, List<X509Certificate> authorities,
        RevokedSerials revoked) {

    /**
     * What an end of a connection proves itself by. Immutable.
     *
     * @param chain its certificate and those above it
     */
    record Shown(PrivateKey key, List<X509Certificate> chain) {}

    /** Reads the files; blocks. Refuses a key that is not the certificate's. */
    static TlsMaterial load(PeerTls tls) throws TlsFileException {
        Shown acceptor = shown(new KeyFiles(tls.certificateFile(), tls.keyFile()));
        List<X509Certificate> authorities = switch (tls.trust()) {
            case PeerTrust.Mutual mutual -> PemFiles.certificates(mutual.authorityFile());
            case PeerTrust.AcceptorOnly only -> PemFiles.certificates(only.authorityFile());
            case PeerTrust.PublicAuthorities ignored -> List.of();
            case PeerTrust.Anyone ignored -> List.of();
        };
        List<KeyFiles> dialer = tls.options().dialerKeys();
        return new TlsMaterial(acceptor, dialer.isEmpty() ? acceptor : shown(dialer.getFirst()),
                authorities, RevokedSerials.read(tls.options().revocationFiles()));
    }

    X509Certificate certificate() {
        return acceptor.chain().getFirst();
    }

    private static Shown shown(KeyFiles files) throws TlsFileException {
        PrivateKey key = PemFiles.key(files.keyFile());
        List<X509Certificate> chain = PemFiles.certificates(files.certificateFile());
        requirePair(key, chain.getFirst(), files);
        return new Shown(key, chain);
    }

    /** Signs with the one and verifies with the other: half a replacement is noticed here, not by peers. */
    private static void requirePair(PrivateKey key, X509Certificate certificate, KeyFiles files)
            throws TlsFileException {
        Path keyFile = files.keyFile();
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
                    + files.certificateFile() + ": " + e.getMessage(), e);
        }
        throw new TlsFileException(keyFile, "not the key of the certificate in "
                + files.certificateFile());
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }
}
