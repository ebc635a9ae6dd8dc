// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import io.grpc.Attributes;
import io.grpc.ServerCall;
import io.jangada.network.tls.CertificateNames;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The common name of a client's certificate, which goes with its connection. Pure functions, for any thread. */
public final class CertificateUser {
    private static final Attributes.Key<String> KEY = Attributes.Key.create("certificate-user");

    private CertificateUser() {}

    /** The attributes of a connection whose handshake is over, with the name if its client showed one. */
    public static Attributes add(Attributes attributes, SSLSession session) {
        return commonName(session)
                .map(name -> attributes.toBuilder().set(KEY, name).build()).orElse(attributes);
    }

    private static Optional<String> commonName(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? CertificateNames.commonName(certificate).filter(name -> !name.isEmpty())
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    /** That of the connection on which {@code call} came; empty for one within the process. */
    public static Optional<String> of(ServerCall<?, ?> call) {
        return Optional.ofNullable(call.getAttributes().get(KEY));
    }
}
