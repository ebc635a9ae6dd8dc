// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

/**
 * How a member encrypts what it says: etcd's flags, read and checked. Immutable.
 *
 * @param clients towards clients, wherever a URL is {@code https}
 * @param peers towards the other members
 * @param users how a client's certificate is taken
 */
public record TlsConfig(TlsSide clients, TlsSide peers, CertificateUse users) {

    /** What a client's certificate is good for. */
    public enum CertificateUse {
        /** For the connection only. */
        CONNECTION,
        /** Its common name is the user of calls without a token ({@code --client-cert-auth}). */
        USER
    }

    /** No TLS at all. */
    public static final TlsConfig PLAIN = new TlsConfig(new TlsSide.Plain(), new TlsSide.Plain(),
            CertificateUse.CONNECTION);
}
