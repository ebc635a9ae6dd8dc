// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import io.jangada.network.tls.KeyFiles;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.PeerTrust;
import io.jangada.network.tls.TlsOptions;
import io.jangada.network.tls.TlsOptions.SourceAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * etcd's flags about TLS, read for one side: those towards peers have the same names with {@code peer-} in
 * front, or nearly. As in etcd, an authority of the others means that they have to show a certificate.
 */
final class TlsFlags {
    private static final long DAYS_OF_A_YEAR = 365;
    /** HTTP first: clients that know both protocols speak HTTP, those of gRPC offer nothing but h2. */
    private static final List<String> SPOKEN_TO_CLIENTS = List.of("http/1.1", "h2");

    private final FlagValues flags;
    private final List<String> versions;
    private final List<String> cipherSuites;

    private TlsFlags(FlagValues flags) throws ConfigException {
        this.flags = flags;
        this.versions = GoTls.versions(flags.text("tls-min-version"),
                flags.text("tls-max-version"));
        this.cipherSuites = GoTls.cipherSuites(flags.text("cipher-suites"), versions);
    }

    /**
     * What {@code flags} say about both sides.
     *
     * @throws ConfigException if flags are missing that belong together, or exclude each other
     */
    static TlsConfig read(FlagValues flags) throws ConfigException {
        TlsFlags all = new TlsFlags(flags);
        return new TlsConfig(all.clients(), all.peers(),
                flags.bool("client-cert-auth")
                        ? TlsConfig.CertificateUse.USER
                        : TlsConfig.CertificateUse.CONNECTION);
    }

    private TlsSide clients() throws ConfigException {
        Names names = new Names("cert-file", "key-file", "trusted-ca-file", "client-cert-auth",
                "client-crl-file", "auto-tls", "client-cert-file", "client-key-file");
        TlsOptions options = options(names).withApplicationProtocols(SPOKEN_TO_CLIENTS);
        return side(names, options, List.of(), list("client-cert-allowed-hostname"));
    }

    private TlsSide peers() throws ConfigException {
        Names names = new Names("peer-cert-file", "peer-key-file", "peer-trusted-ca-file",
                "peer-client-cert-auth", "peer-crl-file", "peer-auto-tls", "peer-client-cert-file",
                "peer-client-key-file");
        TlsOptions options = options(names)
                .withSourceAddress(flags.bool("peer-skip-client-san-verification")
                        ? SourceAddress.ANY
                        : SourceAddress.NAMED);
        List<String> commonNames = list("peer-cert-allowed-cn");
        List<String> hostnames = list("peer-cert-allowed-hostname");
        require(commonNames.isEmpty() || hostnames.isEmpty(),
                "--peer-cert-allowed-cn and --peer-cert-allowed-hostname exclude each other");
        return side(names, options, commonNames, hostnames);
    }

    /** The flags of one side. */
    private record Names(String certificate, String key, String authority, String clientAuth,
            String revocations, String auto, String dialerCertificate, String dialerKey) {}

    private TlsOptions options(Names names) throws ConfigException {
        requirePair(names.dialerCertificate, names.dialerKey);
        String dialer = flags.text(names.dialerCertificate);
        String revoked = flags.text(names.revocations);
        return TlsOptions.DEFAULT.withProtocol(versions, cipherSuites)
                .withRevocationFiles(revoked.isEmpty() ? List.of() : List.of(Path.of(revoked)))
                .withDialerKeys(dialer.isEmpty()
                        ? List.of()
                        : List.of(new KeyFiles(Path.of(dialer),
                                Path.of(flags.text(names.dialerKey)))));
    }

    private TlsSide side(Names names, TlsOptions options, List<String> commonNames,
            List<String> hostnames) throws ConfigException {
        requirePair(names.certificate, names.key);
        String certificate = flags.text(names.certificate);
        String authority = flags.text(names.authority);
        boolean needsAuthority = flags.bool(names.clientAuth) || !commonNames.isEmpty()
                || !hostnames.isEmpty() || !options.revocationFiles().isEmpty();
        if (!certificate.isEmpty()) {
            require(!needsAuthority || !authority.isEmpty(), "--" + names.clientAuth
                    + ", --" + names.revocations + " and allowed names need --"
                    + names.authority + ": who signs the certificates of the others?");
            return new TlsSide.Files(new PeerTls(Path.of(certificate),
                    Path.of(flags.text(names.key)),
                    authority.isEmpty()
                            ? new PeerTrust.PublicAuthorities()
                            : new PeerTrust.Mutual(Path.of(authority)),
                    commonNames, hostnames, options));
        }
        boolean isAuto = flags.bool(names.auto);
        require(!isAuto || (!needsAuthority && authority.isEmpty()), "--" + names.auto
                + " checks nobody: it goes neither with --" + names.authority + " nor with --"
                + names.clientAuth + ", --" + names.revocations + " or allowed names");
        return isAuto ? new TlsSide.SelfMade(validity(), options) : new TlsSide.Plain();
    }

    private Duration validity() throws ConfigException {
        long years = flags.number("self-signed-cert-validity");
        require(years >= 1 && years <= 100,
                "--self-signed-cert-validity is " + years + ", not from 1 to 100 years");
        return Duration.ofDays(years * DAYS_OF_A_YEAR);
    }

    private void requirePair(String certificate, String key) throws ConfigException {
        require(flags.text(certificate).isEmpty() == flags.text(key).isEmpty(),
                "--" + certificate + " and --" + key + " belong together");
    }

    private static void require(boolean holds, String what) throws ConfigException {
        if (!holds) {
            throw new ConfigException(what);
        }
    }

    private List<String> list(String name) {
        return Arrays.stream(flags.text(name).split(",", -1)).map(String::strip)
                .filter(one -> !one.isEmpty()).toList();
    }
}
