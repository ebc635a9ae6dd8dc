// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * Whether a certificate may be shown from the address that a connection comes from (etcd: checkCertSAN). Pure
 * functions over the system's resolver; block.
 */
final class SourceNames {
    private SourceNames() {}

    /**
     * Throws if {@code certificate} names hosts or addresses, but not {@code address}, nor a name that leads to
     * it or that it leads back to.
     */
    static void check(X509Certificate certificate, String address) throws CertificateException {
        List<String> hosts = CertificateNames.hosts(certificate);
        boolean namesAny = !hosts.isEmpty() || CertificateNames.hasAddresses(certificate);
        if (!namesAny || CertificateNames.isFor(address, certificate)
                || hosts.stream().anyMatch(host -> leadsTo(host, address))
                || leadsBack(address, certificate)) {
            return;
        }
        throw new CertificateException("the certificate of "
                + certificate.getSubjectX500Principal() + " is not for " + address
                + ", where the connection comes from");
    }

    private static boolean leadsTo(String host, String address) {
        if (host.contains("*")) {
            return false;
        }
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .anyMatch(one -> one.getHostAddress().equals(address));
        } catch (UnknownHostException nowhere) {
            return false;
        }
    }

    private static boolean leadsBack(String address, X509Certificate certificate) {
        try {
            String name = InetAddress.getByName(address).getCanonicalHostName();
            return !name.equals(address) && CertificateNames.isFor(name, certificate);
        } catch (UnknownHostException nowhere) {
            return false;
        }
    }
}
