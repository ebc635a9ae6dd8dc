// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.nio.file.Path;

/** Whose certificates a member accepts from its peers. */
public sealed interface PeerTrust {

    /**
     * Both ends prove who they are. A member that dials also checks that the certificate names the host
     * that it has dialed.
     *
     * @param authorityFile the certificates of the trusted authorities, PEM
     */
    record Mutual(Path authorityFile) implements PeerTrust {}

    /**
     * Only the end that is dialed proves who it is; whoever dials is let in without a certificate.
     *
     * @param authorityFile the certificates of the trusted authorities, PEM
     */
    record AcceptorOnly(Path authorityFile) implements PeerTrust {}

    /**
     * The same, by the authorities that the JDK trusts: those of the web.
     */
    record PublicAuthorities() implements PeerTrust {}

    /**
     * Nobody proves anything: nobody who only listens can read what is said, but whoever can reach a
     * member can talk to it, and whoever can redirect its connections can sit in the middle.
     */
    record Anyone() implements PeerTrust {}
}
