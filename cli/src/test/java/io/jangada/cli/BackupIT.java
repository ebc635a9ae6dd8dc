// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups go from Jangada to etcd, from etcd to Jangada, and from Jangada to Jangada, whole. */
@Timeout(300)
class BackupIT {
    private static final long SEED = 20;
    private static final int COMPACTED = 60;

    @BeforeAll
    static void requireEtcd() {
        assumeTrue(EtcdProcess.isInstalled(),
                "etcd is not installed (packages etcd-server and etcd-client)");
    }

    @Test
    void etcdTakesASnapshotOfJangadas(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("snapshot");
        try (Cluster cluster = new Cluster(1, folder.resolve("jangada"))) {
            cluster.start();
            List<String> leases = fill(cluster.endpoints());
            run(cluster.endpoints(), "snapshot", "save", snapshot.toString());
            for (String format : new String[]{"simple", "json", "fields"}) {
                String[] status = {"snapshot", "status", snapshot.toString(), "-w", format};
                assertThat(Program.jangada(status).output()).isEqualTo(run("", status));
            }
            try (EtcdProcess etcd = EtcdProcess.restored(snapshot, folder)) {
                assertSame(cluster.endpoints(), etcd.endpoint(), leases);
                assertThat(run(etcd.endpoint(), "put", "after", "restore")).isEqualTo("OK\n");
                assertPasswordCounts(etcd.endpoint());
                run(etcd.endpoint(), "del", "--prefix", "k");
                run(etcd.endpoint(), "compaction", Long.toString(revision(etcd.endpoint())));
                run(etcd.endpoint(), "defrag");
                assertThat(run(etcd.endpoint(), "get", "after")).isEqualTo("after\nrestore\n");
            }
        }
    }

    @Test
    void aClusterOfThreeTakesASnapshotOfEtcds(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("snapshot");
        try (EtcdProcess etcd = EtcdProcess.start(folder);
                Cluster cluster = new Cluster(3, folder.resolve("jangada"))) {
            List<String> leases = fill(etcd.endpoint());
            run(etcd.endpoint(), "snapshot", "save", snapshot.toString());
            assertThat(Program.jangada("snapshot", "verify", snapshot.toString()).output())
                    .contains(" is sound: revision " + revision(etcd.endpoint()) + ", ");
            restore(cluster, snapshot);
            for (MemberProcess member : cluster.members()) {
                assertSame(etcd.endpoint(), member.clientEndpoint(), leases);
            }
            run(cluster.endpoints(), "put", "after", "restore");
            assertPasswordCounts(cluster.endpoints());
            MemberProcess leader = cluster.awaitLeader();
            leader.kill();
            leader.start();
            cluster.awaitLeaderEverywhere();
            assertThat(cluster.assertEqualData()).containsEntry("after", "restore");
            Path database = folder.resolve("copy");
            etcd.stop();
            Files.copy(etcd.database(), database);
            assertThat(Program.jangada("snapshot", "restore", database.toString(), "--data-dir",
                    folder.resolve("copied").toString()).output())
                    .contains("has no SHA-256 at its end");
            assertThat(Program.jangada("snapshot", "restore", database.toString(), "--data-dir",
                    folder.resolve("copied").toString(), "--skip-hash-check").output())
                    .contains("restored ");
        }
    }

    @Test
    void aClusterOfThreeTakesItsOwnSnapshot(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("snapshot");
        try (Cluster from = new Cluster(3, folder.resolve("from"));
                Cluster to = new Cluster(3, folder.resolve("to"))) {
            from.start();
            List<String> leases = fill(from.endpoints());
            from.awaitEqualIndex();
            assertThat(Program.jangada("snapshot", "save", "--endpoints", from.endpoints(),
                    snapshot.toString()).output())
                    .isEqualTo("Snapshot saved at " + snapshot + "\n");
            restore(to, snapshot);
            for (MemberProcess member : to.members()) {
                assertSame(from.endpoints(), member.clientEndpoint(), leases);
            }
            to.assertEqualData();
        }
    }

    @Test
    void whatIsRefusedIsSaidWithEtcdctlsExitCodes(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("snapshot");
        try (EtcdProcess etcd = EtcdProcess.start(folder)) {
            run(etcd.endpoint(), "put", "k", "v");
            run(etcd.endpoint(), "snapshot", "save", snapshot.toString());
        }
        String file = snapshot.toString();
        String target = folder.resolve("target").toString();
        fails(0, "is sound: revision 2", "verify", file);
        fails(128, "snapshot verify requires exactly one argument", "verify");
        fails(128, "snapshot status requires exactly one argument", "status", file, file);
        fails(128, "snapshot save requires exactly one argument", "save");
        fails(128, "--mark-compacted is required", "restore", file, "--bump-revision", "1");
        fails(128, "--mark-compacted is required", "restore", file, "--mark-compacted");
        fails(128, "not in [0, ", "restore", file, "--bump-revision", "-1", "--mark-compacted");
        fails(1, "there is no file " + target, "status", target);
        fails(5, "cannot save to " + target + "/x: NoSuchFileException", "save", target + "/x");
        fails(1, "is not empty", "restore", file, "--data-dir", folder.toString());
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 3] ^= 4;
        Files.write(snapshot, bytes);
        fails(1, "has changed since it was made: its SHA-256 is another one", "verify", file);
        fails(1, "its SHA-256 is another one", "restore", file, "--data-dir", target);
        assertThat(Path.of(target)).doesNotExist();
    }

    private static void fails(int exitCode, String text, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("snapshot"));
        all.addAll(List.of(arguments));
        Program.Result result = Program.jangada(all.toArray(new String[0]));
        assertThat(result.output()).contains(text);
        assertThat(result.output().lines()).hasSize(1);
        assertThat(result.exitCode()).as(text).isEqualTo(exitCode);
    }

    private static void restore(Cluster cluster, Path snapshot, String... options)
            throws Exception {
        for (MemberProcess member : cluster.members()) {
            Program.Result result = member.restore(snapshot, options);
            assertThat(result.exitCode()).as(result.output()).isZero();
        }
        cluster.start();
    }

    /** Puts, deletions, transactions, leases and a compaction; returns the leases. */
    private static List<String> fill(String endpoints) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> leases = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String granted = run(endpoints, "lease", "grant", "60" + i);
            leases.add(granted.split(" ", -1)[1]);
        }
        for (int i = 0; i < 12; i++) {
            StringBuilder txn = new StringBuilder("\n");
            for (int j = 0; j < 20; j++) {
                txn.append("put k").append(i * 7 % 5).append('/').append(j).append(' ')
                        .append("v".repeat(1 + random.nextInt(3_000))).append('\n');
            }
            input(endpoints, txn + "\n\n", "txn");
            run(endpoints, "put", "--lease=" + leases.get(i % 3), "lease/" + i, "x" + i);
            for (int j = 0; j < 4; j++) {
                run(endpoints, "put", "k" + random.nextInt(5) + "/" + random.nextInt(20), "w" + j);
            }
            run(endpoints, "del", "--prefix", "k" + random.nextInt(5) + "/1");
        }
        run(endpoints, "compaction", Integer.toString(COMPACTED), "--physical");
        run(endpoints, "put", "last", "one");
        run(endpoints, "role", "add", "reader");
        run(endpoints, "role", "grant-permission", "reader", "read", "k", "--prefix");
        run(endpoints, "user", "add", "ann:secret");
        run(endpoints, "user", "grant-role", "ann", "reader");
        run(endpoints, "user", "add", "root:toor");
        run(endpoints, "user", "grant-role", "root", "root");
        return leases;
    }

    private static void assertSame(String expected, String actual, List<String> leases)
            throws Exception {
        long revision = revision(expected);
        assertThat(revision(actual)).isEqualTo(revision);
        for (long at = COMPACTED; at <= revision; at += 3) {
            assertThat(keyValues(actual, at)).as("revision %s", at)
                    .isEqualTo(keyValues(expected, at));
        }
        assertThat(hash(actual)).isEqualTo(hash(expected.split(",", -1)[0]));
        assertThat(run(actual, "lease", "list").lines().sorted().toList())
                .isEqualTo(run(expected, "lease", "list").lines().sorted().toList());
        for (String lease : leases) {
            assertThat(lease(actual, lease)).isEqualTo(lease(expected, lease));
        }
        for (String[] asked : new String[][]{{"user", "list"}, {"role", "list"},
            {"user", "get", "ann", "--detail"}, {"role", "get", "reader"}}) {
            assertThat(run(actual, asked)).isEqualTo(run(expected, asked));
        }
        assertThat(Program.etcdctl(actual, "get", "k", "--rev=" + (COMPACTED - 1)).output())
                .contains("required revision has been compacted");
    }

    private static void assertPasswordCounts(String endpoints) throws Exception {
        run(endpoints, "auth", "enable");
        assertThat(Program.etcdctl(endpoints, "put", "k", "v").output())
                .contains("user name is empty");
        assertThat(Program.etcdctl(endpoints, "put", "k", "v", "--user", "ann:secret").output())
                .contains("permission denied");
        run(endpoints, "get", "k", "--prefix", "--user", "ann:secret");
        assertThat(Program.etcdctl(endpoints, "get", "k", "--user", "ann:wrong").exitCode())
                .isNotZero();
        run(endpoints, "auth", "disable", "--user", "root:toor");
    }

    private static long revision(String endpoints) throws Exception {
        String json = run(endpoints, "get", "none", "-w", "json");
        return Long.parseLong(json.replaceAll("(?s).*\"revision\":([0-9]+).*", "$1"));
    }

    /** With all their revisions, versions and leases. */
    private static String keyValues(String endpoints, long revision) throws Exception {
        String json = run(endpoints, "get", "", "--prefix", "--rev=" + revision, "-w", "json");
        return json.substring(json.indexOf("\"kvs\":"));
    }

    /** Over all that is kept, revision by revision. */
    private static String hash(String endpoint) throws Exception {
        return run(endpoint, "endpoint", "hashkv").split(", ", -1)[1];
    }

    /** Its granted time and its keys. */
    private static List<String> lease(String endpoints, String lease) throws Exception {
        String told = run(endpoints, "lease", "timetolive", lease, "--keys")
                .replaceAll("remaining\\([0-9]+s\\)", "").replaceAll("[\\[\\]()]", " ");
        return Arrays.stream(told.split("\\s+", -1)).sorted().toList();
    }

    private static String run(String endpoints, String... arguments) throws Exception {
        Program.Result result = Program.etcdctl(endpoints, arguments);
        assertThat(result.exitCode()).as("etcdctl %s: %s", List.of(arguments), result.output())
                .isZero();
        return result.output();
    }

    private static void input(String endpoints, String input, String command) throws Exception {
        assertThat(Program.etcdctlWithInput(endpoints, input, command).output())
                .contains("SUCCESS");
    }
}
