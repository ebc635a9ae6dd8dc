// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Certificates and keys from PEM files. Pure functions over the file system; block. */
final class PemFiles {
    private static final long FILE_BYTES_MAX = 1 << 20;

    private PemFiles() {}

    /** The certificates in {@code file}, in its order; at least one. */
    static List<X509Certificate> certificates(Path file) throws TlsFileException {
        byte[] bytes = read(file);
        var certificates = new ArrayList<X509Certificate>();
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes))
                    .forEach(one -> certificates.add((X509Certificate) one));
        } catch (CertificateException e) {
            throw new TlsFileException(file, "not a certificate: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(file, "no certificate in it");
        }
        return List.copyOf(certificates);
    }

    /** The lists of revoked certificates in {@code file}, which is PEM or DER; at least one. */
    static List<X509CRL> revocations(Path file) throws TlsFileException {
        byte[] bytes = read(file);
        var lists = new ArrayList<X509CRL>();
        try {
            CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(bytes))
                    .forEach(one -> lists.add((X509CRL) one));
        } catch (CertificateException | CRLException e) {
            throw new TlsFileException(file, "not a list of revoked certificates: "
                    + e.getMessage(), e);
        }
        if (lists.isEmpty()) {
            throw new TlsFileException(file, "no list of revoked certificates in it");
        }
        return List.copyOf(lists);
    }

    /** The first private key in {@code file}. */
    static PrivateKey key(Path file) throws TlsFileException {
        String text = new String(read(file), StandardCharsets.US_ASCII);
        try (var parser = new PEMParser(new StringReader(text))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                switch (next) {
                    case PrivateKeyInfo info -> {
                        return new JcaPEMKeyConverter().getPrivateKey(info);
                    }
                    case PEMKeyPair pair -> {
                        return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PKCS8EncryptedPrivateKeyInfo ignored -> throw new TlsFileException(file,
                            "the key is encrypted, and nobody is there to ask for a password");
                    default -> {
                    } // Parameters of a curve, or a certificate in the same file.
                }
            }
        } catch (TlsFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The parser answers some malformed keys with unchecked exceptions.
            throw new TlsFileException(file, "not a private key: " + e.getMessage(), e);
        }
        throw new TlsFileException(file, "no private key in it");
    }

    private static byte[] read(Path file) throws TlsFileException {
        try {
            long bytes = Files.size(file);
            if (bytes > FILE_BYTES_MAX) {
                throw new TlsFileException(file, bytes + " bytes, which is too large");
            }
            return Files.readAllBytes(file);
        } catch (TlsFileException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw new TlsFileException(file, "permission denied", e);
        } catch (IOException e) {
            throw new TlsFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }
}
