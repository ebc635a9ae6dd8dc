// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jangada.cli.SideBySide.Ran;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our commands beside etcdctl's, against one member; {@link SideBySide} says what may differ. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class CommandsIT {
    private static final List<String> FORMATS = List.of("simple", "json", "fields", "table");

    @SuppressWarnings("NullAway.Init") // Set in start().
    private Cluster cluster;
    @SuppressWarnings("NullAway.Init") // Set in start().
    private SideBySide both;
    @SuppressWarnings("NullAway.Init") // Set in start().
    private String endpoint;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeTrue(Program.hasEtcdctl(), "etcdctl is not installed (package etcd-client)");
        cluster = new Cluster(1, folder, "--bcrypt-cost", "4").start();
        endpoint = cluster.endpoints();
        both = new SideBySide(endpoint);
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void keys() throws Exception {
        both.same("put", "k/a", "2");
        both.sameWithInput("x\0\u00e9\n", "put", "k/bin");
        both.same("put", "k/c", "--", "-5");
        for (String format : FORMATS) {
            both.same("put", "k/a", "2", "--prev-kv", "-w", format);
            both.same("put", "k/a", "--ignore-value", "--ignore-lease", "-w", format);
            both.same("get", "--prefix", "k/", "-w", format);
            both.same("get", "--prefix", "k/", "--limit", "1", "--hex", "-w", format);
            both.same("get", "none", "-w", format);
            both.same("del", "none", "-w", format);
            both.same("put", "d-@", "x");
            both.same("del", "--prev-kv", "d-@", "-w", format);
        }
        both.same("get", "k/a", "k/c");
        both.same("get", "--from-key", "", "--keys-only");
        both.same("get", "", "--prefix", "--print-value-only");
        both.same("get", "--prefix", "k/", "--order=descend", "--sort-by=VALUE");
        both.same("get", "--prefix", "k/", "--sort-by=MODIFY");
        both.same("get", "--consistency=s", "--rev=2", "k/a");
        both.same("get", "k/a", "--prefix=false", "--limit=1", "--limit=2");
        both.same("put", "r-@", "x");
        both.same("del", "r-@", "r-@z");
    }

    @ParameterizedTest
    @Order(2)
    @ValueSource(strings = {"get", "get a b --prefix", "get a b --from-key",
        "get --prefix --from-key a", "get a --consistency x", "get a --sort-by x",
        "get a --order x", "get a -w yaml", "get a --print-value-only -w json",
        "get a --rev 99999", "put", "put a", "put --ignore-value a b", "put --ignore-value none",
        "put a b --lease zz", "put a b --lease 1", "put --ignore-lease --lease 12 a b", "del",
        "del a b c", "del --prefix a b", "del --prefix --from-key a", "txn x", "watch",
        "watch --prefix a b", "watch b a", "compaction", "compaction x", "compaction 99999",
        "lease grant", "lease grant x", "lease grant 99999999999", "lease revoke",
        "lease revoke zz", "lease revoke 12", "lease timetolive", "lease timetolive zz",
        "lease keep-alive", "lease keep-alive zz", "lease keep-alive --once 12",
        "lease keep-alive 12", "lock", "elect", "elect a", "elect -l a b", "member add",
        "member add x", "member add a b", "member add x --peer-urls=bad", "member remove",
        "member remove zz", "member remove 12", "member update", "member update 12",
        "member promote", "member promote zz", "member promote 12", "move-leader",
        "move-leader zz", "move-leader 12", "alarm list x", "alarm disarm x",
        "endpoint hashkv --rev 99999", "user add", "user add :x", "user delete none",
        "user get", "user get none", "user list x", "user passwd", "user grant-role a",
        "user revoke-role a", "user list -w fields", "role add", "role delete none", "role get",
        "role get none", "role list x", "role grant-permission a", "role grant-permission a x b",
        "role grant-permission a read b c --prefix", "role revoke-permission a",
        "role revoke-permission a b c --from-key", "auth enable", "auth enable x",
        "auth disable x"})
    void refusals(String line) throws Exception {
        both.same(line.split(" "));
    }

    @Test
    @Order(3)
    void transactions() throws Exception {
        both.same("put", "k/a", "1");
        String transaction = """
                value("k/a") = "1"
                mod("none") < "1"

                put t "x y"
                get --prefix k/
                del --prev-kv none

                put 't' z
                get t --keys-only

                """;
        for (String format : FORMATS) {
            both.sameWithInput(transaction, "txn", "-w", format);
            both.sameWithInput(transaction.replace("= \"1\"", "> \"1\""), "txn", "-w", format);
            both.sameWithInput("\n\n\n", "txn", "-w", format);
        }
        both.sameWithInput(transaction, "txn", "--interactive");
        both.sameWithInput("value(\"a\") = \"1\"\n", "txn");
        both.sameWithInput("bad\n\n\n\n", "txn");
        both.sameWithInput("\nput t 1\nput t 2\n\n\n", "txn");
    }

    @Test
    @Order(4)
    void leases() throws Exception {
        for (String format : FORMATS) {
            both.same("lease", "grant", "600", "-w", format);
            both.same("lease", "timetolive", "1234", "-w", format);
            String lease = lease();
            both.same("put", "--lease=" + lease, "l/a", "x");
            both.same("lease", "timetolive", lease, "-w", format);
            both.same("lease", "timetolive", lease, "--keys", "-w", format);
            both.same("lease", "keep-alive", "--once", lease, "-w", format);
        }
        for (String format : FORMATS) {
            both.same("lease", "list", "-w", format);
        }
        String lease = lease();
        assertThat(ours("lease", "revoke", lease).out())
                .isEqualTo("lease " + lease + " revoked\n");
        assertThat(ours("lease", "keep-alive", lease).out())
                .isEqualTo("lease " + lease + " expired or revoked.\n");
    }

    @Test
    @Order(5)
    void membersAndEndpoints() throws Exception {
        for (String format : FORMATS) {
            both.same("member", "list", "-w", format);
            both.same("endpoint", "status", "-w", format);
            both.same("endpoint", "hashkv", "-w", format);
            both.same("alarm", "list", "-w", format);
        }
        both.same("endpoint", "health", "-w", "json");
        both.same("endpoint", "health", "-w", "fields");
        assertThat(ours("endpoint", "health").out())
                .startsWith(endpoint + " is healthy: successfully committed proposal: took = ");
        both.same("endpoint", "health", "--cluster", "-w", "json");
        both.same("endpoint", "status", "--cluster", "-w", "fields");
        both.same("defrag");
        both.same("defrag", "--cluster");
        both.same("compaction", "--physical", "x");
        assertThat(ours("compact", "--physical", "3", "-w", "json").out())
                .isEqualTo("compacted revision 3\n");
        both.same("compaction", "3");
    }

    @Test
    @Order(6)
    void alarms() throws Exception {
        Ran status = ours("endpoint", "status");
        long member = Long.parseUnsignedLong(status.out().split(", ", -1)[1], 16);
        raise(member);
        for (String format : FORMATS) {
            both.same("alarm", "list", "-w", format);
        }
        assertThat(ours("endpoint", "health").exitCode()).isOne();
        for (String format : List.of("simple", "json")) {
            raise(member);
            Ran disarmed = ours("alarm", "disarm", "-w", format);
            assertThat(disarmed.out()).isEqualTo(format.equals("simple")
                    ? "memberID:" + Long.toUnsignedString(member) + " alarm:NOSPACE \n"
                    : "{\"alarms\":[{\"memberID\":" + Long.toUnsignedString(member)
                            + ",\"alarm\":1}]}\n");
            both.same("alarm", "disarm", "-w", format);
        }
    }

    private void raise(long member) throws Exception {
        assertThat(Program.run(Map.of(), List.of("curl", "-s", "-d",
                "{\"action\":\"ACTIVATE\",\"memberID\":\"" + Long.toUnsignedString(member)
                        + "\",\"alarm\":\"NOSPACE\"}",
                "http://" + endpoint + "/v3/maintenance/alarm")).output()).contains("NOSPACE");
    }

    @Test
    @Order(7)
    void membersComeAndGo() throws Exception {
        String url = "http://127.0.0.1:" + Cluster.freeAddress("m9").peerPort();
        Ran added = ours("member", "add", "m9", "--peer-urls=" + url, "--learner");
        assertThat(added.out()).matches("Member +\\p{XDigit}+ added to cluster +\\p{XDigit}+\n\n"
                + "ETCD_NAME=\"m9\"\nETCD_INITIAL_CLUSTER=\".*m9=" + url + ".*\"\n"
                + "ETCD_INITIAL_ADVERTISE_PEER_URLS=\"" + url + "\"\n"
                + "ETCD_INITIAL_CLUSTER_STATE=\"existing\"\n");
        String id = added.out().trim().split(" +", -1)[1];
        for (String format : FORMATS) {
            both.same("member", "list", "-w", format);
            both.same("member", "update", id, "--peer-urls=" + url + "0", "-w", format);
        }
        both.same("member", "promote", id);
        both.same("member", "add", "m9", "--peer-urls=" + url + "0", "--learner");
        assertThat(ours("member", "remove", id).out())
                .matches("Member +" + id + " removed from cluster +\\p{XDigit}+\n");
        both.same("member", "remove", id);
    }

    @Test
    @Order(8)
    void locksAndElections() throws Exception {
        both.same("lock", "q-@", "-w", "table");
        for (String format : List.of("simple", "json", "fields")) {
            List<String> lines = new ArrayList<>();
            for (String program : List.of("etcdctl", Program.path())) {
                lines.add(firstLines(program, "lock", "h-" + program.length(), "-w", format)
                        .replaceAll("h-\\d+|[0-9]+|\"key\":\"[^\"]*\"", "*")
                        .replaceAll("/[0-9a-f*]+", "/LEASE"));
            }
            assertThat(lines.get(1)).as(format).isEqualTo(lines.get(0));
        }
        assertThat(process("lock", "p", "--", "sh", "-c",
                "echo $ETCD_LOCK_KEY | cut -d/ -f1; exit 5"))
                .isEqualTo(new Program.Result(1, "p\nError: exit status 5\n"));
        assertThat(process("lock", "p", "nosuchprogram").output()).isEqualTo(
                "Error: exec: \"nosuchprogram\": executable file not found in $PATH\n");
        assertThat(firstLines(Program.path(), "elect", "e", "me")).matches("e/[0-9a-f]+\nme");
        assertThat(ours("get", "--prefix", "p/").out()).as("the lock is given up").isEmpty();
        Cluster.await("the leader to resign", 10,
                () -> ours("get", "--prefix", "e/").out().isEmpty());
    }

    /** The first two lines of what a program that is then told to end prints; its end is a success. */
    private String firstLines(String program, String... arguments) throws Exception {
        Process process = start(program, arguments);
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String first = lines.readLine();
            String second = first != null && first.startsWith("{") ? "" : lines.readLine();
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("of %s", program).isZero();
            return first + "\n" + second;
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @Order(9)
    @ValueSource(strings = {"simple", "json", "fields"})
    void watches(String format) throws Exception {
        List<String> told = new ArrayList<>();
        for (String program : List.of("etcdctl", Program.path())) {
            String from = Long.toString(revision() + 1);
            ours("put", "w/a", "1");
            ours("put", "w/a", "2\n3");
            ours("del", "w/a");
            ours("put", "w/end", "");
            Process watch = start(program, "watch", "--prefix", "--prev-kv", "--rev=" + from,
                    "-w", format, "w/");
            told.add(untilEnd(watch, "w/end", "dy9lbmQ").replaceAll(
                    "((?:[rR]evision|version)\" ?: ?)\\d+", "$1N"));
        }
        assertThat(told.get(1)).isEqualTo(told.get(0));
    }

    @Test
    @Order(10)
    void watchesRunPrograms() throws Exception {
        String from = Long.toString(revision() + 1);
        ours("put", "x", "a b");
        Process watch = start(Program.path(), "watch", "x", "--rev=" + from, "--", "sh", "-c",
                "echo $ETCD_WATCH_EVENT_TYPE $ETCD_WATCH_KEY $ETCD_WATCH_VALUE; exit 1");
        assertThat(watch.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isOne();
        assertThat(new String(watch.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("PUT\nx\na b\n\"PUT\" \"x\" \"a b\"\ncommand [\"sh\" \"-c\" ")
                .endsWith("error (exit status 1)\n");
    }

    @Test
    @Order(11)
    void watchesByDialog() throws Exception {
        String from = Long.toString(revision() + 1);
        ours("put", "y", "1");
        Process watch = start(Program.path(), "watch", "-i");
        try (BufferedReader lines = watch.inputReader(StandardCharsets.UTF_8)) {
            watch.getOutputStream().write(("foo\nwatch y --rev " + from + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            watch.getOutputStream().flush();
            assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine(),
                    lines.readLine())).containsExactly(
                            "Invalid command foo (only support watch)", "PUT", "y", "1");
            watch.getOutputStream().write("progress\n".getBytes(StandardCharsets.UTF_8));
            watch.getOutputStream().flush();
            assertThat(lines.readLine()).isEqualTo("progress notify: " + revision());
            watch.getOutputStream().close();
            assertThat(lines.readLine())
                    .isEqualTo("Error: Error reading watch request line: EOF");
            assertThat(watch.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(watch.exitValue()).isEqualTo(3);
        } finally {
            watch.destroyForcibly();
        }
    }

    @Test
    @Order(12)
    void flagsComeFromTheEnvironmentToo() throws Exception {
        assertThat(Program.run(Map.of("ETCDCTL_ENDPOINTS", endpoint, "ETCDCTL_WRITE_OUT", "json",
                "ETCD_LIMIT", "x"), List.of(Program.path(), "get", "none")).output())
                .startsWith("{\"header\":{\"cluster_id\":");
        long start = System.nanoTime();
        assertThat(Program.jangada("--endpoints=127.0.0.1:1", "--command-timeout=500ms", "get",
                "k")).isEqualTo(new Program.Result(1, "Error: context deadline exceeded\n"));
        assertThat(System.nanoTime() - start).isGreaterThan(500_000_000L);
        assertThat(Program.jangada("--endpoints=127.0.0.1:1," + endpoint, "get", "none"))
                .isEqualTo(new Program.Result(0, ""));
        assertThat(Program.jangada("--endpoints=127.0.0.1:1", "--command-timeout=300ms",
                "endpoint", "status")).isEqualTo(new Program.Result(1,
                        "Failed to get the status of endpoint 127.0.0.1:1"
                                + " (context deadline exceeded)\n"));
    }

    @Test
    @Order(13)
    void usersAndRoles() throws Exception {
        both.same("user", "add", "a-@:p1");
        both.same("user", "add", "b-@", "--new-user-password=x", "-w", "fields");
        both.same("user", "add", "c-@", "--no-password", "-w", "json");
        both.sameWithInput("pw\n", "user", "add", "d-@", "--interactive=false");
        both.sameWithInput("", "user", "add", "e-@");
        both.sameWithInput("npw\n", "user", "passwd", "d-@", "--interactive=false");
        both.same("user", "delete", "d-@");
        both.same("user", "list", "-w", "table");
        both.same("role", "add", "r-@");
        both.same("role", "grant-permission", "r-@", "read", "k");
        both.same("role", "grant-permission", "r-@", "readwrite", "p", "--prefix", "-w", "json");
        both.same("role", "grant-permission", "r-@", "write", "b", "d", "-w", "fields");
        both.same("role", "grant-permission", "r-@", "read", "z", "--from-key");
        both.same("role", "grant-permission", "r-@", "read", "", "--prefix");
        for (String format : FORMATS) {
            both.same("role", "get", "r-@", "-w", format);
            both.same("role", "list", "-w", format);
            both.same("user", "grant-role", "a-@", "r-@", "-w", format);
            both.same("user", "get", "a-@", "-w", format);
            both.same("user", "get", "a-@", "--detail", "-w", format);
        }
        both.same("user", "revoke-role", "a-@", "r-@");
        both.same("user", "revoke-role", "a-@", "r-@");
        both.same("role", "revoke-permission", "r-@", "k");
        both.same("role", "revoke-permission", "r-@", "p", "--prefix", "-w", "json");
        both.same("role", "revoke-permission", "r-@", "b", "d");
        both.same("role", "revoke-permission", "r-@", "z", "--from-key");
        both.same("role", "delete", "r-@", "-w", "fields");
    }

    @Test
    @Order(14)
    void authentication() throws Exception {
        both.same("--user=nobody:x", "get", "k");
        assertThat(ours("auth", "status").out())
                .matches("Authentication Status: false\nAuthRevision: \\d+\n");
        ours("user", "add", "root:p:w");
        ours("role", "add", "root");
        ours("user", "grant-role", "root", "root");
        assertThat(ours("auth", "enable").out()).isEqualTo("Authentication Enabled\n");
        both.same("get", "k");
        both.same("--user=root:wrong", "get", "k");
        both.same("--user=root:p:w", "put", "k", "v");
        both.same("--user=root", "--password=p:w", "get", "k");
        both.same("--user=root:p:w", "endpoint", "hashkv", "-w", "table");
        assertThat(ours("--user=root:p:w", "endpoint", "health", "--cluster").exitCode())
                .isZero();
        assertThat(ours("--user=root:p:w", "auth", "status", "-w", "json").out())
                .contains("\"enabled\":true");
        assertThat(ours("--user=root:p:w", "auth", "disable").out())
                .isEqualTo("Authentication Disabled\n");
    }

    private String lease() {
        return ours("lease", "grant", "600").out().split(" ", -1)[1];
    }

    private long revision() {
        return Long.parseLong(ours("get", "none", "-w", "json").out()
                .replaceAll(".*\"revision\":(\\d+).*\n", "$1"));
    }

    private Ran ours(String... arguments) {
        return both.jangada("", withEndpoint(arguments).toArray(new String[0]));
    }

    private Program.Result process(String... arguments) throws Exception {
        return Program.jangada(withEndpoint(arguments).toArray(new String[0]));
    }

    private Process start(String program, String... arguments) throws IOException {
        List<String> command = withEndpoint(arguments);
        command.addFirst(program);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        return builder.start();
    }

    private List<String> withEndpoint(String... arguments) {
        var all = new ArrayList<>(List.of("--endpoints=" + endpoint));
        all.addAll(List.of(arguments));
        return all;
    }

    /** What a watch prints up to a line that has one of {@code ends}. */
    private static String untilEnd(Process watch, String... ends) throws IOException {
        var told = new StringBuilder();
        try (BufferedReader lines = watch.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told.append(line).append('\n');
                if (List.of(ends).stream().anyMatch(line::contains)) {
                    return told.toString();
                }
            }
            throw new AssertionError("the watch ended: " + told);
        } finally {
            watch.destroyForcibly();
        }
    }
}
