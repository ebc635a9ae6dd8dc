// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.nio.file.Path;
import java.util.List;

/**
 * What TLS is narrowed to, beyond whose certificates are accepted. Immutable; start from {@link #DEFAULT}.
 *
 * @param versions of the protocol, as the JDK spells them: {@code TLSv1.3}, {@code TLSv1.2}; at least one
 * @param cipherSuites for TLS 1.2, as the JDK spells them; those that the TLS library lacks are left out.
 *     Empty: the library's. Those of TLS 1.3 are not chosen, as in Go
 * @param applicationProtocols what is spoken on an accepted connection, for ALPN, the preferred one first;
 *     empty: nothing is said about it. A dialer offers the last one
 * @param revocationFiles lists of certificates that are not accepted, DER or PEM. As in etcd, a
 *     certificate is known by its serial number, and a list is good whoever signed it and whenever
 * @param dialerKeys what a dialer shows, the first one; empty: what an acceptor shows
 * @param sourceAddress whether an accepted certificate that names hosts or addresses must name the one
 *     that the connection comes from
 */
public record TlsOptions(List<String> versions, List<String> cipherSuites,
        List<String> applicationProtocols, List<Path> revocationFiles, List<KeyFiles> dialerKeys,
        SourceAddress sourceAddress) {

    /** Whether the address that a connection comes from is compared with its certificate. */
    public enum SourceAddress {
        /** A certificate may be shown from anywhere. */
        ANY,
        /**
         * One with addresses or names among its alternative ones must have the address, or a name that
         * leads to it or that it leads back to (etcd: checkCertSAN). Names are looked up, off the loops.
         */
        NAMED
    }

    /** TLS 1.3 and 1.2, with nothing chosen and nothing revoked. */
    public static final TlsOptions DEFAULT = new TlsOptions(List.of("TLSv1.3", "TLSv1.2"),
            List.of(), List.of(), List.of(), List.of(), SourceAddress.ANY);

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no version
     */
    public TlsOptions {
        versions = List.copyOf(versions);
        cipherSuites = List.copyOf(cipherSuites);
        applicationProtocols = List.copyOf(applicationProtocols);
        revocationFiles = List.copyOf(revocationFiles);
        dialerKeys = List.copyOf(dialerKeys);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no version of TLS");
        }
    }

    /** The same, with other versions and cipher suites. */
    public TlsOptions withProtocol(List<String> newVersions, List<String> newCipherSuites) {
        return new TlsOptions(newVersions, newCipherSuites, applicationProtocols, revocationFiles,
                dialerKeys, sourceAddress);
    }

    /** The same, for connections on which these are spoken. */
    public TlsOptions withApplicationProtocols(List<String> value) {
        return new TlsOptions(versions, cipherSuites, value, revocationFiles, dialerKeys,
                sourceAddress);
    }

    /** The same, with certificates that are not accepted. */
    public TlsOptions withRevocationFiles(List<Path> value) {
        return new TlsOptions(versions, cipherSuites, applicationProtocols, value, dialerKeys,
                sourceAddress);
    }

    /** The same, with another certificate where a connection is dialed; none for the acceptor's. */
    public TlsOptions withDialerKeys(List<KeyFiles> value) {
        return new TlsOptions(versions, cipherSuites, applicationProtocols, revocationFiles, value,
                sourceAddress);
    }

    /** The same, with the address that a connection comes from looked at, or not. */
    public TlsOptions withSourceAddress(SourceAddress value) {
        return new TlsOptions(versions, cipherSuites, applicationProtocols, revocationFiles,
                dialerKeys, value);
    }
}
