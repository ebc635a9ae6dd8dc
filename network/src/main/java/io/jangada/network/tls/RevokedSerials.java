// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The serial numbers of certificates that are not accepted any more. Immutable, for any thread (etcd:
 * checkCRL).
 */
final class RevokedSerials {
    private final Set<BigInteger> serials;

    private RevokedSerials(Set<BigInteger> serials) {
        this.serials = Set.copyOf(serials);
    }

    /** Those in {@code files}; blocks. */
    static RevokedSerials read(List<Path> files) throws TlsFileException {
        Set<BigInteger> serials = new HashSet<>();
        for (Path file : files) {
            for (X509CRL list : PemFiles.revocations(file)) {
                if (list.getRevokedCertificates() != null) {
                    list.getRevokedCertificates()
                            .forEach(one -> serials.add(one.getSerialNumber()));
                }
            }
        }
        return new RevokedSerials(serials);
    }

    /** Throws if one of {@code chain} is revoked. */
    void check(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate one : chain) {
            if (serials.contains(one.getSerialNumber())) {
                throw new CertificateException("the certificate of "
                        + one.getSubjectX500Principal() + " is revoked, serial number "
                        + one.getSerialNumber().toString(16));
            }
        }
    }
}
