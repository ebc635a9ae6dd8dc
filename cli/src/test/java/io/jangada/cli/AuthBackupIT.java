// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jangada.bbolt.BoltReader;
import io.jangada.bbolt.BoltVisitor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups that were made while authentication was on: it is on after them, with the same users, passwords and roles. */
@Timeout(300)
class AuthBackupIT {
    private static final String ROOT = "root:toor";
    private static final String ANN = "ann:changed";
    private static final String BOB = "bob:secret";
    private static final int SHA_256_BYTES = 32;

    @BeforeAll
    static void requireEtcd() {
        assumeTrue(EtcdProcess.isInstalled(),
                "etcd is not installed (packages etcd-server and etcd-client)");
    }

    @Test
    void etcdTakesWhoMayWhatFromJangada(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("snapshot");
        try (Cluster cluster = new Cluster(1, folder.resolve("jangada"))) {
            fill(cluster.start().endpoints());
            run(cluster.endpoints(), ROOT, "snapshot", "save", snapshot.toString());
            try (EtcdProcess etcd = EtcdProcess.restored(snapshot, folder)) {
                assertSame(snapshot, etcd.endpoint(), folder);
                assertGuarded(etcd.endpoint());
                assertGoesOn(etcd.endpoint());
            }
        }
    }

    @Test
    void threeMembersTakeWhoMayWhatFromEtcd(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("snapshot");
        try (EtcdProcess etcd = EtcdProcess.start(folder);
                Cluster cluster = new Cluster(3, folder.resolve("jangada"))) {
            fill(etcd.endpoint());
            run(etcd.endpoint(), ROOT, "snapshot", "save", snapshot.toString());
            for (MemberProcess member : cluster.members()) {
                Program.Result restored = member.restore(snapshot);
                assertThat(restored.exitCode()).as(restored.output()).isZero();
                member.start();
            }
            for (MemberProcess member : cluster.members()) {
                Cluster.await("a member that lets root in", 30,
                        () -> lets(ROOT, member.clientEndpoint()));
                assertSame(snapshot, member.clientEndpoint(), folder);
                assertGuarded(member.clientEndpoint());
            }
            assertGoesOn(cluster.endpoints());
        }
    }

    @Test
    void onlyRootSavesASnapshot(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("snapshot");
        try (Cluster cluster = new Cluster(1, folder.resolve("jangada"), "--bcrypt-cost", "4")) {
            fill(cluster.start().endpoints());
            assertThat(save(cluster, snapshot).output()).contains("user name is empty");
            assertThat(save(cluster, snapshot, "--user", ANN).output())
                    .contains("permission denied");
            assertThat(save(cluster, snapshot, "--user", "root:wrong").output())
                    .contains("authentication failed, invalid user ID or password");
            assertThat(snapshot).doesNotExist();
            assertThat(save(cluster, snapshot, "--user", ROOT).output())
                    .isEqualTo("Snapshot saved at " + snapshot + "\n");
            Path other = folder.resolve("other");
            assertThat(save(cluster, other, "--user", "root", "--password", "toor").exitCode())
                    .isZero();
            assertThat(users(other)).isEqualTo(users(snapshot)).hasSize(10);
        }
    }

    private static Program.Result save(Cluster cluster, Path file, String... options)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("snapshot", "save",
                "--command-timeout=60s", "--endpoints",
                cluster.endpoints(), file.toString()));
        arguments.addAll(List.of(options));
        return Program.jangada(arguments.toArray(new String[0]));
    }

    /** Keys, users and roles, with changes of them before and after authentication was turned on. */
    private static void fill(String endpoints) throws Exception {
        for (String key : List.of("k1", "k2", "w", "x", "y", "z")) {
            run(endpoints, "", "put", key, "of " + key);
        }
        for (String role : List.of("reader", "writer", "all", "idle", "gone")) {
            run(endpoints, "", "role", "add", role);
        }
        grant(endpoints, "reader", "read", "k", "--prefix");
        grant(endpoints, "writer", "readwrite", "w");
        grant(endpoints, "writer", "write", "x", "z");
        grant(endpoints, "all", "readwrite", "", "--from-key");
        run(endpoints, "", "user", "add", "ann:secret");
        run(endpoints, "", "user", "grant-role", "ann", "reader");
        run(endpoints, "", "user", "add", BOB);
        run(endpoints, "", "user", "add", ROOT);
        run(endpoints, "", "user", "grant-role", "root", "root");
        run(endpoints, "", "auth", "enable");
        run(endpoints, ROOT, "user", "grant-role", "bob", "writer");
        run(endpoints, ROOT, "user", "grant-role", "bob", "gone");
        run(endpoints, ROOT, "role", "delete", "gone");
        run(endpoints, ROOT, "user", "add", "left:secret");
        run(endpoints, ROOT, "user", "delete", "left");
        run(endpoints, ROOT, "user", "add", "card", "--no-password");
        assertThat(Program.etcdctlWithInput(endpoints, "changed\n", "user", "passwd", "ann",
                "--interactive=false", "--user", ROOT, "--command-timeout=60s").exitCode())
                .isZero();
    }

    private static void grant(String endpoints, String... permission) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("role", "grant-permission"));
        arguments.addAll(List.of(permission));
        run(endpoints, "", arguments.toArray(new String[0]));
    }

    /** Its users, roles and their revision are those of {@code snapshot}, byte by byte. */
    private static void assertSame(Path snapshot, String endpoint, Path folder) throws Exception {
        Path again = folder.resolve("again-" + endpoint.replace(':', '-'));
        run(endpoint, ROOT, "snapshot", "save", again.toString());
        assertThat(users(again)).isEqualTo(users(snapshot)).hasSize(10);
    }

    /** What each may, and no more. */
    private static void assertGuarded(String endpoint) throws Exception {
        assertThat(run(endpoint, ANN, "get", "k1")).isEqualTo("k1\nof k1\n");
        assertThat(run(endpoint, ANN, "get", "k", "--prefix", "--keys-only"))
                .isEqualTo("k1\n\nk2\n\n");
        refused("permission denied", endpoint, ANN, "put", "k1", "v");
        refused("permission denied", endpoint, ANN, "get", "w");
        refused("permission denied", endpoint, ANN, "get", "", "--prefix");
        refused("permission denied", endpoint, ANN, "user", "list");
        refused("authentication failed", endpoint, "ann:secret", "get", "k1");
        assertThat(run(endpoint, BOB, "put", "w", "of w")).isEqualTo("OK\n");
        assertThat(run(endpoint, BOB, "put", "y", "of y")).isEqualTo("OK\n");
        assertThat(run(endpoint, BOB, "get", "w")).isEqualTo("w\nof w\n");
        refused("permission denied", endpoint, BOB, "get", "y");
        refused("permission denied", endpoint, BOB, "put", "z", "v");
        refused("authentication failed", endpoint, "card:x", "get", "k1");
        refused("authentication failed", endpoint, "left:secret", "get", "k1");
        refused("user name is empty", endpoint, "", "get", "k1");
        refused("user name is empty", endpoint, "", "put", "k1", "v");
        refused("user name is empty", endpoint, "", "user", "list");
        assertThat(run(endpoint, ROOT, "get", "", "--prefix", "--keys-only").lines())
                .containsExactly("k1", "", "k2", "", "w", "", "x", "", "y", "", "z", "");
    }

    /** Users are changed as before, and authentication is turned off and on. */
    private static void assertGoesOn(String endpoints) throws Exception {
        run(endpoints, ROOT, "user", "grant-role", "ann", "all");
        assertThat(run(endpoints, ANN, "put", "z", "by ann")).isEqualTo("OK\n");
        run(endpoints, ROOT, "user", "revoke-role", "ann", "all");
        refused("permission denied", endpoints, ANN, "put", "z", "v");
        run(endpoints, ROOT, "auth", "disable");
        assertThat(run(endpoints, "", "get", "z")).isEqualTo("z\nby ann\n");
        run(endpoints, "", "auth", "enable");
        refused("user name is empty", endpoints, "", "get", "z");
    }

    /** All rows about users in {@code snapshot}: bucket, name and contents, as text. */
    private static Map<String, String> users(Path snapshot) throws IOException {
        Set<String> buckets = Set.of("auth", "authUsers", "authRoles");
        Map<String, String> rows = new TreeMap<>();
        try (FileChannel file = FileChannel.open(snapshot)) {
            BoltReader.open(file, file.size() - SHA_256_BYTES).read(new BoltVisitor() {
                private String current = "";

                @Override
                public void bucket(String name) {
                    current = name;
                }

                @Override
                public void row(ByteBuffer key, ByteBuffer value) {
                    if (buckets.contains(current)) {
                        rows.put(current + " " + StandardCharsets.UTF_8.decode(key), hex(value));
                    }
                }
            });
        }
        return rows;
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private static boolean lets(String user, String endpoint) {
        try {
            return Program.etcdctl(endpoint, "get", "k1", "--user", user,
                    "--command-timeout=60s").exitCode() == 0;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void refused(String why, String endpoint, String user, String... arguments)
            throws Exception {
        Program.Result result = call(endpoint, user, arguments);
        assertThat(result.output()).as("%s: %s", user, List.of(arguments)).contains(why);
        assertThat(result.exitCode()).isNotZero();
    }

    private static String run(String endpoint, String user, String... arguments)
            throws Exception {
        Program.Result result = call(endpoint, user, arguments);
        assertThat(result.exitCode()).as("%s: %s: %s", user, List.of(arguments), result.output())
                .isZero();
        return result.output();
    }

    private static Program.Result call(String endpoint, String user, String... arguments)
            throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--command-timeout=60s");
        if (!user.isEmpty()) {
            all.addAll(List.of("--user", user));
        }
        return Program.etcdctl(endpoint, all.toArray(new String[0]));
    }
}
