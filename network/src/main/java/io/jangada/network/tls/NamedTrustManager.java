// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the JDK trusts by the given authorities, as far as the names are allowed and nothing is revoked. As
 * thread-safe as the JDK's.
 */
final class NamedTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authorities;
    private final CertificateNames names;

    private final RevokedSerials revoked;
    private final TlsOptions.SourceAddress sourceAddress;

    private NamedTrustManager(X509ExtendedTrustManager authorities, PeerTls tls,
            RevokedSerials revoked) {
        this.authorities = authorities;
        this.names = new CertificateNames(tls);
        this.revoked = revoked;
        this.sourceAddress = tls.options().sourceAddress();
    }

    /** By the rules of {@code tls}, with what its files hold. */
    static NamedTrustManager of(PeerTls tls, TlsMaterial material)
            throws GeneralSecurityException, IOException {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(tls.trust() instanceof PeerTrust.PublicAuthorities
                ? null
                : store(material.authorities()));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return new NamedTrustManager(extended, tls, material.revoked());
            }
        }
        throw new GeneralSecurityException("the JDK has no trust manager for X.509");
    }

    private static KeyStore store(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        return store;
    }

    private void checkRules(X509Certificate[] chain) throws CertificateException {
        revoked.check(chain);
        names.check(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, type, engine);
        checkRules(chain);
        if (sourceAddress == TlsOptions.SourceAddress.NAMED && engine.getPeerHost() != null) {
            SourceNames.check(chain[0], engine.getPeerHost());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        authorities.checkServerTrusted(chain, type, engine);
        checkRules(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        authorities.checkClientTrusted(chain, type, socket);
        checkRules(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        authorities.checkServerTrusted(chain, type, socket);
        checkRules(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        authorities.checkClientTrusted(chain, type);
        checkRules(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        authorities.checkServerTrusted(chain, type);
        checkRules(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
