// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names in a certificate, and the rules about them. Immutable, for any thread. */
public final class CertificateNames {
    private static final int SAN_DNS = 2;
    private static final int SAN_ADDRESS = 7;

    private final List<String> commonNames;
    private final List<String> hostnames;

    /** With the rules of {@code tls}. */
    CertificateNames(PeerTls tls) {
        this.commonNames = tls.allowedCommonNames();
        this.hostnames = tls.allowedHostnames();
    }

    /** Throws if {@code certificate} has none of the names that are allowed. */
    void check(X509Certificate certificate) throws CertificateException {
        String commonName = commonName(certificate).orElse("");
        if (!commonNames.isEmpty() && !commonNames.contains(commonName)) {
            throw new CertificateException("the common name \"" + commonName
                    + "\" is not allowed");
        }
        if (!hostnames.isEmpty()
                && hostnames.stream().noneMatch(host -> isFor(host, certificate))) {
            throw new CertificateException("the certificate of "
                    + certificate.getSubjectX500Principal()
                    + " is for none of the allowed host names");
        }
    }

    /** The host names among the alternative names of the subject. */
    static List<String> hosts(X509Certificate certificate) {
        return alternatives(certificate).stream().filter(name -> (int) name.get(0) == SAN_DNS)
                .map(name -> String.valueOf(name.get(1))).toList();
    }

    static boolean hasAddresses(X509Certificate certificate) {
        return alternatives(certificate).stream()
                .anyMatch(name -> (int) name.get(0) == SAN_ADDRESS);
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** The common name of the subject; empty if it has none. */
    public static Optional<String> commonName(X509Certificate certificate) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return Optional.of(String.valueOf(part.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether {@code host}, a name or an address, is among the alternative names of the subject. */
    static boolean isFor(String host, X509Certificate certificate) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return alternatives(certificate).stream().anyMatch(name -> switch ((int) name.get(0)) {
            case SAN_DNS -> address == null && matches(String.valueOf(name.get(1)), host);
            case SAN_ADDRESS -> address != null && address.equals(NetUtil
                    .createInetAddressFromIpAddressString(String.valueOf(name.get(1))));
            default -> false;
        });
    }

    /** A star stands for the whole first label, and for nothing else. */
    private static boolean matches(String pattern, String host) {
        String expected = pattern.toLowerCase(Locale.ROOT);
        String actual = host.toLowerCase(Locale.ROOT);
        if (!expected.startsWith("*.")) {
            return expected.equals(actual);
        }
        int dot = actual.indexOf('.');
        return dot > 0 && expected.substring(1).equals(actual.substring(dot));
    }
}
