// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.nio.file.Path;
import java.util.List;

/**
 * How connections are encrypted, in both directions: TLS 1.2 or 1.3. A peer is the other end: a member, or
 * a client at a client port. Immutable.
 *
 * <p>The certificate serves both ends, so it must allow both uses, if it restricts its use at all
 * (extended key usage: server and client authentication), and name the hosts or addresses by which
 * peers dial this member.
 *
 * @param certificateFile this member's certificate and the chain up to its authority, PEM
 * @param keyFile its private key, PEM, not encrypted: PKCS#8, PKCS#1 or SEC1
 * @param trust whose certificates are accepted
 * @param allowedCommonNames if not empty: a peer's certificate must have one of these as the common name
 *     of its subject (etcd: --peer-cert-allowed-cn)
 * @param allowedHostnames if not empty: a peer's certificate must be valid for one of these host names or
 *     addresses (etcd: --peer-cert-allowed-hostname)
 * @param options versions, ciphers, revocations and the like
 */
public record PeerTls(Path certificateFile, Path keyFile, PeerTrust trust,
        List<String> allowedCommonNames, List<String> allowedHostnames, TlsOptions options) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if names are to be checked that peers do not have to show
     */
    public PeerTls {
        allowedCommonNames = List.copyOf(allowedCommonNames);
        allowedHostnames = List.copyOf(allowedHostnames);
        boolean rules = !allowedCommonNames.isEmpty() || !allowedHostnames.isEmpty();
        if (rules && !(trust instanceof PeerTrust.Mutual)) {
            throw new IllegalArgumentException(
                    "allowed names need peers that show certificates: trust is " + trust);
        }
    }

    /** With {@link TlsOptions#DEFAULT}. */
    public PeerTls(Path certificateFile, Path keyFile, PeerTrust trust,
            List<String> allowedCommonNames, List<String> allowedHostnames) {
        this(certificateFile, keyFile, trust, allowedCommonNames, allowedHostnames,
                TlsOptions.DEFAULT);
    }

    /**
     * Mutual TLS: each end shows a certificate of the authority in {@code trustedCaFile}, whatever its
     * name.
     */
    public static PeerTls mutual(Path certificateFile, Path keyFile, Path trustedCaFile) {
        return new PeerTls(certificateFile, keyFile, new PeerTrust.Mutual(trustedCaFile),
                List.of(), List.of());
    }

    /** The same, for peers whose certificates have one of these common names. */
    public PeerTls withAllowedCommonNames(List<String> value) {
        return new PeerTls(certificateFile, keyFile, trust, value, allowedHostnames, options);
    }

    /** The same, for peers whose certificates are valid for one of these host names. */
    public PeerTls withAllowedHostnames(List<String> value) {
        return new PeerTls(certificateFile, keyFile, trust, allowedCommonNames, value, options);
    }

    /** The same, narrowed to {@code value}. */
    public PeerTls withOptions(TlsOptions value) {
        return new PeerTls(certificateFile, keyFile, trust, allowedCommonNames, allowedHostnames,
                value);
    }
}
