// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** etcd's own command line against three members, through each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EtcdctlIT {
    @SuppressWarnings("NullAway.Init") // Set in start().
    private Cluster cluster;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeTrue(Program.hasEtcdctl(), "etcdctl is not installed (package etcd-client)");
        cluster = new Cluster(3, folder).start();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    List<String> eachMember() {
        return cluster.members().stream().map(MemberProcess::clientEndpoint).toList();
    }

    @ParameterizedTest
    @MethodSource("eachMember")
    void putsAndGets(String endpoint) throws Exception {
        String key = "k-" + endpoint;
        assertThat(etcdctl(endpoint, "put", key, "v1")).isEqualTo("OK\n");
        assertThat(etcdctl(cluster.endpoints(), "get", key)).isEqualTo(key + "\nv1\n");
        assertThat(etcdctl(endpoint, "put", "--prev-kv", key, "v2"))
                .isEqualTo("OK\n" + key + "\nv1\n");
        assertThat(etcdctl(endpoint, "get", "--print-value-only", key)).isEqualTo("v2\n");
    }

    @ParameterizedTest
    @MethodSource("eachMember")
    void getsAPrefixInOrder(String endpoint) throws Exception {
        String prefix = "p-" + endpoint + "/";
        for (String name : List.of("c", "a", "b")) {
            etcdctl(endpoint, "put", prefix + name, name.toUpperCase(Locale.ROOT));
        }
        assertThat(etcdctl(endpoint, "get", "--prefix", "--keys-only", prefix).lines()
                .filter(line -> !line.isEmpty()))
                .containsExactly(prefix + "a", prefix + "b", prefix + "c");
        assertThat(etcdctl(endpoint, "get", "--prefix", "--limit=2", "--order=DESCEND",
                "--sort-by=KEY",
                "--print-value-only", prefix)).isEqualTo("C\nB\n");
        assertThat(etcdctl(endpoint, "del", "--prefix", prefix)).isEqualTo("3\n");
        assertThat(etcdctl(endpoint, "get", "--prefix", prefix)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("eachMember")
    void runsTransactions(String endpoint) throws Exception {
        String key = "t-" + endpoint;
        etcdctl(endpoint, "put", key, "old");
        String transaction = "value(\"" + key + "\") = \"old\"\n\nput " + key + " new\nget " + key
                + "\n\nput " + key
                + " wrong\n\n";
        assertThat(withInput(endpoint, transaction, "txn")).contains("SUCCESS").contains("new");
        assertThat(withInput(endpoint, transaction, "txn")).contains("FAILURE");
        assertThat(etcdctl(endpoint, "get", "--print-value-only", key)).isEqualTo("wrong\n");
    }

    @ParameterizedTest
    @MethodSource("eachMember")
    void readsOldRevisionsUntilTheyAreCompacted(String endpoint) throws Exception {
        String key = "r-" + endpoint;
        etcdctl(endpoint, "put", key, "one");
        long revision = revision(endpoint, key);
        etcdctl(endpoint, "put", key, "two");
        assertThat(etcdctl(endpoint, "get", "--rev=" + revision, "--print-value-only", key))
                .isEqualTo("one\n");
        etcdctl(endpoint, "compaction", Long.toString(revision(endpoint, key)));
        Program.Result gone = Program.etcdctl(endpoint, "get", "--rev=" + revision, key);
        assertThat(gone.exitCode()).isNotZero();
        assertThat(gone.output())
                .contains("etcdserver: mvcc: required revision has been compacted");
    }

    @ParameterizedTest
    @MethodSource("eachMember")
    void watches(String endpoint) throws Exception {
        String key = "w-" + endpoint;
        etcdctl(cluster.endpoints(), "put", key, "before");
        var builder = new ProcessBuilder("etcdctl", "--endpoints=" + endpoint, "watch",
                "--rev=" + revision(endpoint, key), "--prefix", key)
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("ETCDCTL_API", "3"));
        Process watch = builder.start();
        try (var lines = new BufferedReader(
                new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine()))
                    .containsExactly("PUT", key, "before");
            etcdctl(cluster.endpoints(), "put", key + "/x", "after");
            etcdctl(cluster.endpoints(), "del", key);
            assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine()))
                    .containsExactly("PUT", key + "/x", "after");
            assertThat(List.of(lines.readLine(), lines.readLine())).containsExactly("DELETE", key);
        } finally {
            watch.destroyForcibly();
        }
    }

    @ParameterizedTest
    @MethodSource("eachMember")
    void grantsLeasesThatExpireAndAreKeptAndRevoked(String endpoint) throws Exception {
        String key = "l-" + endpoint;
        String expiring = leaseId(etcdctl(endpoint, "lease", "grant", "2"));
        String kept = leaseId(etcdctl(endpoint, "lease", "grant", "60"));
        etcdctl(endpoint, "put", "--lease=" + expiring, key + "/gone", "x");
        etcdctl(endpoint, "put", "--lease=" + kept, key + "/kept", "x");
        assertThat(etcdctl(endpoint, "lease", "timetolive", kept, "--keys"))
                .contains("granted with TTL(60s)")
                .contains(key + "/kept");
        assertThat(etcdctl(endpoint, "lease", "keep-alive", "--once", kept))
                .contains("keepalived with TTL(60)");
        assertThat(etcdctl(endpoint, "lease", "list")).contains(kept);
        Cluster.await("the lease to expire", 15,
                () -> keys(endpoint, key).equals(List.of(key + "/kept")));
        etcdctl(endpoint, "lease", "revoke", kept);
        assertThat(keys(endpoint, key)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("eachMember")
    void locksAndElects(String endpoint) throws Exception {
        String name = "q-" + endpoint;
        assertThat(etcdctl(endpoint, "lock", name, "echo", "held")).isEqualTo("held\n");
        assertThat(keys(endpoint, name)).as("the lock is given up").isEmpty();
        var builder = new ProcessBuilder("etcdctl", "--endpoints=" + endpoint, "elect", name, "me")
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("ETCDCTL_API", "3"));
        Process elected = builder.start();
        try (var lines = new BufferedReader(
                new InputStreamReader(elected.getInputStream(), StandardCharsets.UTF_8))) {
            String key = lines.readLine();
            assertThat(key).startsWith(name + "/");
            assertThat(lines.readLine()).isEqualTo("me");
            assertThat(keys(endpoint, name)).containsExactly(key);
        } finally {
            elected.destroyForcibly();
        }
    }

    @Test
    void tellsStatusAndMembers() throws Exception {
        List<String> status = etcdctl(cluster.endpoints(), "endpoint", "status").lines().toList();
        assertThat(status).hasSize(3);
        assertThat(status.stream().filter(line -> line.split(", ", -1)[4].equals("true")))
                .as("leaders in %s", status).hasSize(1);
        List<String> members = etcdctl(cluster.endpoints(), "member", "list").lines().toList();
        assertThat(members).hasSize(3).allMatch(line -> line.contains(", started, "));
        for (MemberProcess member : cluster.members()) {
            assertThat(members)
                    .anyMatch(line -> line.contains("http://" + member.clientEndpoint()));
        }
        assertThat(etcdctl(cluster.endpoints(), "endpoint", "health").lines()).hasSize(3)
                .allMatch(line -> line.contains("is healthy"));
    }

    private static String leaseId(String grant) {
        assertThat(grant).startsWith("lease ");
        return grant.split(" ", -1)[1];
    }

    private static List<String> keys(String endpoint, String prefix) {
        try {
            return etcdctl(endpoint, "get", "--prefix", "--keys-only", prefix).lines()
                    .filter(line -> !line.isEmpty()).toList();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long revision(String endpoint, String key) throws Exception {
        String json = etcdctl(endpoint, "get", "-w", "json", key);
        return Long.parseLong(json.replaceAll(".*\"mod_revision\":([0-9]+).*", "$1").trim());
    }

    private static String etcdctl(String endpoints, String... arguments)
            throws IOException, InterruptedException {
        Program.Result result = Program.etcdctl(endpoints, arguments);
        assertThat(result.exitCode()).as("etcdctl %s: %s", List.of(arguments), result.output())
                .isZero();
        return result.output();
    }

    private static String withInput(String endpoint, String input, String... arguments)
            throws Exception {
        var builder = new ProcessBuilder("etcdctl", "--endpoints=" + endpoint, arguments[0])
                .redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
