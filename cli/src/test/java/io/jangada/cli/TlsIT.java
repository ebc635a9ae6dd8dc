// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.PeerTrust;
import io.jangada.network.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members with mutual TLS between them and towards clients, by etcdctl, curl and our own commands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(180)
class TlsIT {
    @SuppressWarnings("NullAway.Init") // Set in start().
    private Cluster cluster;
    @SuppressWarnings("NullAway.Init") // Set in start().
    private TestAuthority authority;
    @SuppressWarnings("NullAway.Init") // Set in start().
    private PeerTls files;
    @SuppressWarnings("NullAway.Init") // Set in start().
    private PeerTls root;
    @SuppressWarnings("NullAway.Init") // Set in start().
    private PeerTls alice;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeTrue(Program.hasEtcdctl(), "etcdctl is not installed (package etcd-client)");
        authority = new TestAuthority(folder, "authority");
        files = authority.mutual("member", "127.0.0.1");
        root = authority.mutual("root");
        alice = authority.mutual("alice");
        cluster = new Cluster(Transport.mutual(files, root), 3, folder.resolve("members"))
                .start();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void clientsWithACertificateAreServedByEveryMember() throws Exception {
        for (MemberProcess member : cluster.members()) {
            assertThat(etcdctl(member, alice, "put", "k", "v").output()).contains("OK");
            assertThat(etcdctl(member, alice, "get", "k").output()).isEqualTo("k\nv\n");
            assertThat(curl(member, alice, "/health"))
                    .contains("{\"health\":\"true\",\"reason\":\"\"}");
            assertThat(curl(member, alice, "/v3/kv/range", "-d", "{\"key\":\"aw==\"}"))
                    .contains("\"value\":\"dg==\"");
        }
    }

    @Test
    @Order(2)
    void aPeerPortAnswersWithTlsAndToItsPeersOnly() throws Exception {
        String url = cluster.members().getFirst().peerUrl();
        List<String> curl = new ArrayList<>(
                List.of("curl", "-sv", "--max-time", "2", "--cacert", authority.file().toString(),
                        url));
        assertThat(Program.run(Map.of(), curl).output()).contains("SSL connection using TLSv1.3")
                .contains("alert certificate required");
        curl.addAll(List.of("--cert", alice.certificateFile().toString(), "--key",
                alice.keyFile().toString()));
        assertThat(Program.run(Map.of(), curl).output()).contains("SSL connection using TLSv1.3")
                .doesNotContain("alert certificate required");
    }

    @Test
    @Order(3)
    void ourOwnCommandsSpeakItToo() throws Exception {
        String endpoint = cluster.members().getFirst().clientEndpoint();
        List<String> shown = shown(alice);
        assertThat(jangada(shown, "get", "--endpoints", endpoint, "k").output())
                .isEqualTo("k\nv\n");
        assertThat(jangada(shown, "put", "--endpoints", "https://" + endpoint, "own", "v")
                .exitCode()).isZero();
        assertThat(jangada(List.of("--insecure-skip-tls-verify", shown.get(2), shown.get(3),
                shown.get(4), shown.get(5)), "get", "--endpoints", "https://" + endpoint, "own")
                .output()).isEqualTo("own\nv\n");
        assertThat(jangada(List.of(), "get", "--endpoints", endpoint, "k").exitCode())
                .as("without TLS").isNotZero();
        assertThat(jangada(List.of("--cert", shown.get(3)), "get", "--endpoints", endpoint, "k")
                .output()).contains("--cert and --key belong together");
    }

    @Test
    @Order(4)
    void clientsWithoutOneAreRefused() throws Exception {
        MemberProcess member = cluster.members().getFirst();
        Program.Result refused = Program.run(Map.of("ETCDCTL_API", "3"), List.of("etcdctl",
                "--endpoints", "https://" + member.clientEndpoint(), "--cacert",
                authority.file().toString(), "--command-timeout", "2s", "--dial-timeout", "2s",
                "get", "k"));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).doesNotContain("k\nv");
        assertThat(member.logged()).contains("rejected connection on client endpoint");
    }

    @Test
    @Order(5)
    void aRestartedMemberFindsTheOthersAgain() throws Exception {
        MemberProcess member = cluster.awaitLeader();
        assertThat(member.stop()).isZero();
        member.start();
        cluster.awaitLeaderEverywhere();

        assertThat(etcdctl(member, alice, "get", "k").output()).isEqualTo("k\nv\n");
    }

    @Test
    @Order(6)
    void aCommonNameIsAUserOnEveryMember() throws Exception {
        MemberProcess first = cluster.members().getFirst();
        for (String[] command : new String[][]{{"role", "add", "r"},
            {"role", "grant-permission", "r", "readwrite", "k"},
            {"user", "add", "root:p"}, {"user", "add", "alice:p"}, {"role", "add", "root"},
            {"user", "grant-role", "root", "root"}, {"user", "grant-role", "alice", "r"},
            {"auth", "enable"}}) {
            assertThat(etcdctl(first, root, command).exitCode()).as("%s", List.of(command))
                    .isZero();
        }
        cluster.awaitEqualIndex();

        for (MemberProcess member : cluster.members()) {
            assertThat(etcdctl(member, alice, "put", "k", "v").output()).contains("OK");
            assertThat(etcdctl(member, alice, "put", "other", "v").output())
                    .contains("etcdserver: permission denied");
            String lease = etcdctl(member, alice, "lease", "grant", "600").output()
                    .split(" ", -1)[1];
            assertThat(etcdctl(member, alice, "lease", "keep-alive", "--once", lease).output())
                    .as("by way of the leader").contains("keepalived with TTL(600)");
            assertThat(etcdctl(member, alice, "lease", "timetolive", lease).output())
                    .contains("granted with TTL(600s)");
        }
    }

    @Test
    @Order(7)
    void aCertificateIsNobodyByJson() throws Exception {
        MemberProcess member = cluster.members().getFirst();

        assertThat(curl(member, alice, "/v3/kv/range", "-d", "{\"key\":\"aw==\"}", "-w",
                "%{http_code}")).contains("etcdserver: user name is empty").endsWith("400");
    }

    @Test
    @Order(8)
    void filesAreReplacedWithoutARestart() throws Exception {
        MemberProcess member = cluster.members().getFirst();
        TestAuthority other = new TestAuthority(
                Files.createDirectory(authority.file().resolveSibling("other")), "other");
        PeerTls next = other.mutual("next", "127.0.0.1");
        PeerTls client = other.mutual("root");
        assertThat(curl(member, client, "/health")).doesNotContain("health");
        Files.move(next.keyFile(), files.keyFile(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(next.certificateFile(), files.certificateFile(),
                StandardCopyOption.REPLACE_EXISTING);
        Files.copy(other.file(), authority.file(), StandardCopyOption.REPLACE_EXISTING);

        Cluster.await("the new authority", 30,
                () -> curl(member, client, "/health").contains("\"health\":\"true\""));

        assertThat(member.logged()).contains("TLS files read again");
    }

    private static List<String> shown(PeerTls client) {
        return List.of("--cacert", authorityOf(client), "--cert",
                client.certificateFile().toString(), "--key", client.keyFile().toString());
    }

    private static String authorityOf(PeerTls tls) {
        return ((PeerTrust.Mutual) tls.trust()).authorityFile().toString();
    }

    private static Program.Result etcdctl(MemberProcess member, PeerTls client,
            String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("etcdctl", "--endpoints", "https://" + member.clientEndpoint()));
        command.addAll(shown(client));
        command.addAll(List.of(arguments));
        return Program.run(Map.of("ETCDCTL_API", "3"), command);
    }

    private static String curl(MemberProcess member, PeerTls client, String path,
            String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "--cacert",
                authorityOf(client), "--cert", client.certificateFile().toString(), "--key",
                client.keyFile().toString(), "https://" + member.clientEndpoint() + path));
        command.addAll(List.of(arguments));
        try {
            return Program.run(Map.of(), command).output();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Program.Result jangada(List<String> options, String name,
            String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(options);
        all.addAll(List.of(arguments));
        return Program.jangada(all.toArray(new String[0]));
    }
}
