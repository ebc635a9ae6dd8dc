// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.tls.KeyFiles;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.PeerTrust;
import io.jangada.network.tls.TlsOptions;
import io.jangada.network.tls.TlsOptions.SourceAddress;
import io.jangada.server.config.TlsConfig.CertificateUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFlagsTest {
    private static final String CLIENT_PAIR = "--cert-file=c --key-file=k";
    private static final String PEER_PAIR = "--peer-cert-file=c --peer-key-file=k";

    @Test
    void withoutFlagsThereIsNone() throws Exception {
        assertThat(tls("")).isEqualTo(TlsConfig.PLAIN);
    }

    @Test
    void clientsShowACertificateIfThereIsAnAuthority() throws Exception {
        assertThat(clients(CLIENT_PAIR).trust()).isEqualTo(new PeerTrust.PublicAuthorities());
        assertThat(clients(CLIENT_PAIR + " --trusted-ca-file=a").trust())
                .isEqualTo(new PeerTrust.Mutual(Path.of("a")));
        assertThat(tls(CLIENT_PAIR + " --trusted-ca-file=a").users())
                .isEqualTo(CertificateUse.CONNECTION);
        assertThat(tls(CLIENT_PAIR + " --trusted-ca-file=a --client-cert-auth").users())
                .isEqualTo(CertificateUse.USER);
    }

    @Test
    void everyFlagOfClientsFindsItsPlace() throws Exception {
        PeerTls clients = clients(CLIENT_PAIR + " --trusted-ca-file=a --client-crl-file=r"
                + " --client-cert-allowed-hostname=h1,h2 --client-cert-file=dc"
                + " --client-key-file=dk --tls-min-version=TLS1.2 --tls-max-version=TLS1.2"
                + " --cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256");

        assertThat(clients).isEqualTo(new PeerTls(Path.of("c"), Path.of("k"),
                new PeerTrust.Mutual(Path.of("a")), List.of(), List.of("h1", "h2"),
                new TlsOptions(List.of("TLSv1.2"), List.of("TLS_RSA_WITH_AES_128_GCM_SHA256"),
                        List.of("http/1.1", "h2"), List.of(Path.of("r")),
                        List.of(new KeyFiles(Path.of("dc"), Path.of("dk"))),
                        SourceAddress.ANY)));
    }

    @Test
    void everyFlagOfPeersFindsItsPlace() throws Exception {
        PeerTls peers = peers(PEER_PAIR + " --peer-trusted-ca-file=a --peer-client-cert-auth"
                + " --peer-crl-file=r --peer-cert-allowed-cn=n1,n2 --peer-client-cert-file=dc"
                + " --peer-client-key-file=dk --tls-min-version=TLS1.3");

        assertThat(peers).isEqualTo(new PeerTls(Path.of("c"), Path.of("k"),
                new PeerTrust.Mutual(Path.of("a")), List.of("n1", "n2"), List.of(),
                new TlsOptions(List.of("TLSv1.3"), List.of(), List.of(), List.of(Path.of("r")),
                        List.of(new KeyFiles(Path.of("dc"), Path.of("dk"))),
                        SourceAddress.NAMED)));
        assertThat(peers(PEER_PAIR + " --peer-trusted-ca-file=a --peer-cert-allowed-hostname=h"
                + " --peer-skip-client-san-verification"))
                .returns(List.of("h"), PeerTls::allowedHostnames)
                .returns(SourceAddress.ANY, tls -> tls.options().sourceAddress());
    }

    @Test
    void certificatesAreMadeWhereNoneAreGiven() throws Exception {
        TlsConfig tls = tls("--auto-tls --peer-auto-tls --self-signed-cert-validity=2");

        assertThat(tls.clients()).isInstanceOfSatisfying(TlsSide.SelfMade.class,
                made -> assertThat(made.validity()).isEqualTo(Duration.ofDays(730)));
        assertThat(tls.peers()).isInstanceOf(TlsSide.SelfMade.class);
        assertThat(tls("--auto-tls " + CLIENT_PAIR).clients()).as("files go first")
                .isInstanceOf(TlsSide.Files.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--cert-file=c | --cert-file and --key-file belong",
        "--key-file=k | belong together", "--peer-cert-file=c | belong together",
        "--client-key-file=k | belong together", "--peer-client-cert-file=c | belong together",
        "--cert-file=c --key-file=k --client-cert-auth | need --trusted-ca-file",
        "--cert-file=c --key-file=k --client-crl-file=r | need --trusted-ca-file",
        "--cert-file=c --key-file=k --client-cert-allowed-hostname=h | need --trusted-ca-file",
        "--peer-cert-file=c --peer-key-file=k --peer-cert-allowed-cn=n | need --peer-trusted-ca-file",
        "--peer-cert-allowed-cn=n --peer-cert-allowed-hostname=h | exclude each other",
        "--auto-tls --trusted-ca-file=a | checks nobody",
        "--peer-auto-tls --peer-client-cert-auth | checks nobody",
        "--peer-auto-tls --peer-crl-file=r | checks nobody",
        "--auto-tls --self-signed-cert-validity=0 | not from 1 to 100 years",
        "--tls-min-version=TLS1.1 | neither TLS1.2 nor TLS1.3",
        "--tls-max-version=1.3 | neither TLS1.2 nor TLS1.3",
        "--tls-min-version=TLS1.3 --tls-max-version=TLS1.2 | above --tls-max-version",
        "--cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA --tls-min-version=TLS1.3 | when only TLS1.3",
        "--cipher-suites=ECDHE-RSA-AES128-SHA | is not one of",
        "--cipher-suites=TLS_RSA_WITH_RC4_128_SHA | TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "--listen-peer-urls=https://h:1 | --peer-cert-file and --peer-key-file are missing",
        "--listen-metrics-urls=https://h:1 | must be provided for client url https://h:1"})
    void whatDoesNotGoTogetherIsRefused(String flags, String why) {
        assertThatThrownBy(() -> config(flags)).isInstanceOf(ConfigException.class)
                .hasMessageContaining(why);
    }

    @Test
    void peersEncryptAllOrNone() {
        assertThatThrownBy(() -> config("--peer-auto-tls --listen-peer-urls=https://h:1"
                + " --initial-advertise-peer-urls=http://h:1 --initial-cluster=default=http://h:1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("all https or all http");
    }

    @Test
    void httpWithFilesIsPlainAndSaysSo() throws Exception {
        ServerConfig config = config(CLIENT_PAIR + " --peer-auto-tls");

        assertThat(config.tlsNotes()).hasSize(2).allMatch(note -> note.contains("ignoring"));
        assertThat(config("").tlsNotes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"})
    void bothOfGosNamesOfAChaChaSuiteAreKnown(String name) throws Exception {
        assertThat(GoTls.cipherSuites(name + ", TLS_AES_128_GCM_SHA256", List.of("TLSv1.2")))
                .containsExactly("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    }

    @Test
    void aFileHasThemInSections(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file.yml"), """
                client-transport-security:
                  cert-file: c
                  key-file: k
                  client-cert-auth: true
                  trusted-ca-file: a
                  auto-tls: false
                peer-transport-security:
                  cert-file: pc
                  key-file: pk
                  trusted-ca-file: pa
                  client-cert-auth: true
                  allowed-cn: n
                  skip-client-san-verification: true
                cipher-suites: [TLS_RSA_WITH_AES_128_GCM_SHA256]
                tls-min-version: TLS1.2
                """);

        TlsConfig tls = tls("--config-file=" + file);

        assertThat(tls.users()).isEqualTo(CertificateUse.USER);
        assertThat(((TlsSide.Files) tls.clients()).tls())
                .returns(new PeerTrust.Mutual(Path.of("a")), PeerTls::trust);
        assertThat(((TlsSide.Files) tls.peers()).tls())
                .returns(List.of("n"), PeerTls::allowedCommonNames)
                .returns(Path.of("pc"), PeerTls::certificateFile)
                .returns(SourceAddress.ANY, peers -> peers.options().sourceAddress())
                .returns(List.of("TLS_RSA_WITH_AES_128_GCM_SHA256"),
                        peers -> peers.options().cipherSuites());
    }

    private static PeerTls clients(String flags) throws Exception {
        return ((TlsSide.Files) tls(flags).clients()).tls();
    }

    private static PeerTls peers(String flags) throws Exception {
        return ((TlsSide.Files) tls(flags).peers()).tls();
    }

    private static TlsConfig tls(String flags) throws Exception {
        return config(flags).tls();
    }

    private static ServerConfig config(String flags) throws Exception {
        var arguments = new ArrayList<>(List.of(flags.split(" ", -1)));
        arguments.removeIf(String::isEmpty);
        return ServerFlags.config(FlagValues.of(FlagArguments.parse(arguments), Map.of()));
    }
}
