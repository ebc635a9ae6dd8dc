// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

/** etcd's own command line against three members with users and roles, from before auth until after it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuthEtcdctlIT {
    private static final String ROOT = "root:rootpw";
    private static final String ALICE = "alice:alicepw";
    private static final String DENIED = "etcdserver: permission denied";
    private static final String NOBODY = "etcdserver: user name is empty";

    @SuppressWarnings("NullAway.Init") // Set in start().
    private Cluster cluster;
    private int calls;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeTrue(Program.hasEtcdctl(), "etcdctl is not installed (package etcd-client)");
        cluster = new Cluster(3, folder, "--bcrypt-cost", "4").start();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void usersAndRolesAreMadeBeforeAuth() throws Exception {
        fails("etcdserver: root user does not exist", "", "auth", "enable");
        says("User root created", "", "user", "add", ROOT);
        says("User alice created", "", "user", "add", ALICE);
        fails("etcdserver: user name already exists", "", "user", "add", ALICE);
        says("Role root created", "", "role", "add", "root");
        says("Role r created", "", "role", "add", "r");
        fails("etcdserver: role name already exists", "", "role", "add", "r");
        says("Role r updated", "", "role", "grant-permission", "r", "readwrite", "k/", "--prefix");
        says("Role r updated", "", "role", "grant-permission", "r", "read", "only");
        fails("etcdserver: role name not found", "", "role", "grant-permission", "no", "read", "k");
        says("Role r\nKV Read:\n\t[k/, k0) (prefix k/)\n\tonly\nKV Write:\n\t[k/, k0) (prefix k/)",
                "", "role", "get", "r");
        says("granted to user root", "", "user", "grant-role", "root", "root");
        says("granted to user alice", "", "user", "grant-role", "alice", "r");
        fails("etcdserver: role name not found", "", "user", "grant-role", "alice", "no");
        fails("etcdserver: user name not found", "", "user", "grant-role", "nobody", "r");
        says("alice\nroot", "", "user", "list");
        says("r\nroot", "", "role", "list");
        says("Roles: r", "", "user", "get", "alice");
        says("Authentication Enabled", "", "auth", "enable");
    }

    @Test
    @Order(2)
    void nobodyMayAnything() throws Exception {
        for (String[] arguments : new String[][]{{"get", "k/1"}, {"put", "k/1", "v"},
            {"del", "k/1"}, {"user", "list"}, {"role", "list"}, {"lease", "grant", "60"},
            {"lease", "list"}, {"member", "list"}, {"compaction", "1"}, {"alarm", "list"},
            {"auth", "enable"}, {"auth", "disable"}}) {
            fails(NOBODY, "", arguments);
        }
        fails("etcdserver: authentication failed, invalid user ID or password", "alice:wrong",
                "get", "k/1");
        fails("etcdserver: authentication failed, invalid user ID or password", "nobody:x", "get",
                "k/1");
    }

    @Test
    @Order(3)
    void aUserMayWhatItsRoleSays() throws Exception {
        says("OK", ALICE, "put", "k/1", "v");
        says("k/1\nv", ALICE, "get", "k/1");
        says("k/1\nv", ALICE, "get", "--prefix", "k/");
        fails(DENIED, ALICE, "put", "other", "v");
        fails(DENIED, ALICE, "put", "only", "v");
        says("", ALICE, "get", "only");
        fails(DENIED, ALICE, "get", "other");
        fails(DENIED, ALICE, "get", "--prefix", "k");
        fails(DENIED, ALICE, "get", "--from-key", "k/");
        fails(DENIED, ALICE, "del", "--prefix", "");
        says("Roles: r", ALICE, "user", "get", "alice");
        says("Role r", ALICE, "role", "get", "r");
        fails(DENIED, ALICE, "user", "get", "root");
        fails(DENIED, ALICE, "role", "get", "root");
        for (String[] arguments : new String[][]{{"user", "list"}, {"user", "add", "x:y"},
            {"role", "list"}, {"role", "add", "x"}, {"compaction", "1"},
            {"auth", "disable"}, {"user", "grant-role", "alice", "root"}}) {
            fails(DENIED, ALICE, arguments);
        }
        assertThat(run(ALICE, "member", "list").exitCode()).isZero();
    }

    @Test
    @Order(4)
    void transactionsAndLeasesAreNoWayAround() throws Exception {
        assertThat(withInput(ALICE, "\nput k/2 v\n\n\n", "txn")).contains("SUCCESS");
        assertThat(withInput(ALICE, "\nput other v\n\n\n", "txn")).contains(DENIED);
        assertThat(withInput(ALICE, "\n\nput other v\n\n", "txn")).contains(DENIED);
        assertThat(withInput(ALICE, "value(\"other\") = \"x\"\n\nput k/2 v\n\n\n", "txn"))
                .contains(DENIED);
        String lease = run(ALICE, "lease", "grant", "600").output().split(" ", -1)[1];
        says("OK", ALICE, "put", "--lease=" + lease, "k/3", "v");
        says("k/3", ALICE, "lease", "timetolive", lease, "--keys");
        says("keepalived with TTL(600)", ALICE, "lease", "keep-alive", "--once", lease);
        says("OK", ROOT, "put", "--lease=" + lease, "other", "v");
        fails(DENIED, ALICE, "put", "--lease=" + lease, "k/3", "v");
        fails(DENIED, ALICE, "lease", "revoke", lease);
        fails(DENIED, ALICE, "lease", "timetolive", lease, "--keys");
        says("revoked", ROOT, "lease", "revoke", lease);
    }

    @Timeout(60)
    @Test
    @Order(5)
    void aWatchEndsWithItsPermission() throws Exception {
        var builder = new ProcessBuilder("etcdctl", "--endpoints=" + endpoint(), "--user", ALICE,
                "watch", "only").redirectErrorStream(true);
        builder.environment().putAll(Map.of("ETCDCTL_API", "3"));
        Process watch = builder.start();
        try (var lines = new BufferedReader(
                new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            Cluster.await("an event", 20, () -> {
                says("OK", ROOT, "put", "only", "v");
                return ready(lines);
            });
            says("revoked from role r", ROOT, "role", "revoke-permission", "r", "only");
            assertThat(lines.lines()).as("until its end")
                    .contains("Error: watch is canceled by the server");
        } finally {
            watch.destroyForcibly();
        }
    }

    private static boolean ready(BufferedReader lines) {
        try {
            return lines.ready();
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    @Test
    @Order(6)
    void rootMayEverythingButEndItself() throws Exception {
        says("OK", ROOT, "put", "other", "v");
        fails("etcdserver: invalid auth management", ROOT, "user", "delete", "root");
        fails("etcdserver: invalid auth management", ROOT, "role", "delete", "root");
        fails("etcdserver: invalid auth management", ROOT, "user", "revoke-role", "root", "root");
        says("is revoked from user alice", ROOT, "user", "revoke-role", "alice", "r");
        fails("etcdserver: role is not granted to the user", ROOT, "user", "revoke-role", "alice",
                "r");
        fails(DENIED, ALICE, "get", "k/1");
        says("Role r deleted", ROOT, "role", "delete", "r");
        says("User alice deleted", ROOT, "user", "delete", "alice");
        fails("etcdserver: user name not found", ROOT, "user", "delete", "alice");
        fails("etcdserver: authentication failed, invalid user ID or password", ALICE, "get", "k");
    }

    @Test
    @Order(7)
    void withoutAuthEverybodyMayEverything() throws Exception {
        says("Authentication Disabled", ROOT, "auth", "disable");
        says("OK", "", "put", "other", "v");
        says("other\nv", "", "get", "other");
    }

    /* Each call goes to the next member. */
    private String endpoint() {
        return cluster.members().get(calls++ % cluster.members().size()).clientEndpoint();
    }

    private Program.Result run(String user, String... arguments) {
        List<String> all = new ArrayList<>(user.isEmpty() ? List.of() : List.of("--user", user));
        all.addAll(Arrays.asList(arguments));
        try {
            return Program.etcdctl(endpoint(), all.toArray(new String[0]));
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void says(String text, String user, String... arguments) {
        Program.Result result = run(user, arguments);
        assertThat(result.exitCode()).as("%s %s: %s", user, List.of(arguments), result.output())
                .isZero();
        assertThat(result.output()).contains(text);
    }

    private void fails(String text, String user, String... arguments) {
        Program.Result result = run(user, arguments);
        assertThat(result.output()).as("%s %s", user, List.of(arguments)).contains(text);
        assertThat(result.exitCode()).as("%s %s: %s", user, List.of(arguments), result.output())
                .isNotZero();
    }

    private String withInput(String user, String input, String... arguments) throws Exception {
        var builder = new ProcessBuilder("etcdctl", "--endpoints=" + endpoint(), "--user", user,
                arguments[0]).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
