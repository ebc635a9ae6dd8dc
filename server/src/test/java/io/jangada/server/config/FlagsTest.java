// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {
    /** What the table does not decide but a rule about several flags or about words does. */
    private static final Map<String, String> LEGAL = Map.ofEntries(
            Map.entry("initial-cluster-state", "existing"),
            Map.entry("auto-compaction-mode", "revision"),
            Map.entry("logger", "zap"),
            Map.entry("discovery-fallback", "exit"),
            Map.entry("snapshot-count", "9"),
            Map.entry("heartbeat-interval", "50"),
            Map.entry("max-request-bytes", "9"),
            Map.entry("max-txn-ops", "9"),
            Map.entry("election-timeout", "500"),
            Map.entry("max-concurrent-streams", "9"),
            Map.entry("auth-token", "jwt,sign-method=HS256,priv-key=key.pem"),
            Map.entry("tls-min-version", "TLS1.3"),
            Map.entry("tls-max-version", "TLS1.2"),
            Map.entry("rate-limit-methods", "Range=7"),
            Map.entry("feature-gates", "InitialCorruptCheck=true"),
            Map.entry("cipher-suites", "TLS_RSA_WITH_AES_128_CBC_SHA"));
    /** These belong together, and each alone is against a rule. */
    private static final Set<String> TOGETHER = Set.of("discovery-token",
            "discovery-endpoints", "name", "initial-cluster",
            "initial-advertise-peer-urls", "listen-client-urls", "cert-file", "key-file",
            "client-cert-file", "client-key-file", "client-cert-auth", "client-crl-file",
            "client-cert-allowed-hostname", "trusted-ca-file", "peer-cert-file", "peer-key-file",
            "peer-client-cert-file", "peer-client-key-file", "peer-client-cert-auth",
            "peer-crl-file", "peer-cert-allowed-cn", "peer-cert-allowed-hostname",
            "peer-trusted-ca-file");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    static List<Flag> flags() {
        return List.copyOf(FlagTable.all().values());
    }

    @Test
    void tableIsEtcds() {
        assertThat(FlagTable.all()).as(
                "113 of etcd 3.7, 15 that it accepts of former versions, 6 of 3.5 and 3.6, 8 of Jangada")
                .hasSize(142).containsKeys("name", "unsafe-no-fsync", "vv")
                .doesNotContainKeys("discovery", "discovery-proxy");
        for (Flag flag : flags()) {
            assertThat(flag.text()).as(flag.name()).isNotBlank();
            assertThat(flag.variable()).matches("[A-Z0-9_.]+");
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void everyFlagIsTakenInEverySpelling(Flag flag) throws Exception {
        String value = value(flag);
        List<List<String>> spellings = new ArrayList<>(List.of(
                List.of("-" + flag.name() + "=" + value),
                List.of("--" + flag.name() + "=" + value)));
        if (flag.kind() != Flag.Kind.BOOL) {
            spellings.add(List.of("-" + flag.name(), value));
            spellings.add(List.of("--" + flag.name(), value));
        }
        for (List<String> spelling : spellings) {
            assertThat(FlagArguments.parse(spelling).values()).as("%s", spelling)
                    .isEqualTo(Map.of(flag.name(), value));
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void everyFlagHasADefaultThatIsLegalAndAUse(Flag flag) throws Exception {
        if (!flag.byDefault().isEmpty()) {
            flag.check(flag.byDefault());
            assertThat(values("--" + flag.name() + "=" + flag.byDefault()).notes()).isEmpty();
        }
        String argument = "--" + flag.name() + "=" + value(flag);
        switch (flag.use()) {
            case USED -> {
                boolean isAlone = !TOGETHER.contains(flag.name())
                        && !flag.name().equals("config-file");
                if (isAlone) {
                    assertThat(ServerFlags.config(values(argument))).isNotNull();
                }
            }
            case IGNORED -> assertThat(values(argument).notes()).containsExactly(
                    "--" + flag.name() + " has no effect: " + flag.text());
            case REFUSED -> assertThatThrownBy(() -> values(argument))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("--" + flag.name() + " is refused: " + flag.text());
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void everyFlagHasAVariable(Flag flag) throws Exception {
        if (flag.use() == Flag.Use.REFUSED || flag.name().equals("config-file")) {
            return;
        }
        String variable = flag.name().toUpperCase(Locale.ROOT).replace('-', '_');
        FlagValues read = FlagValues.of(FlagArguments.parse(List.of()),
                Map.of("ETCD_" + variable, value(flag)));
        assertThat(read.text(flag.name())).isEqualTo(value(flag));
        assertThat(read.notes()).noneMatch(note -> note.startsWith("unrecognized"));
    }

    /** A value that is not the default. */
    private static String value(Flag flag) {
        if (LEGAL.containsKey(flag.name())) {
            return Objects.requireNonNull(LEGAL.get(flag.name()));
        }
        return switch (flag.kind()) {
            case STRING -> "7";
            case STATE -> "existing";
            case URLS -> "http://127.0.0.1:7";
            case BOOL -> flag.byDefault().equals("true") ? "false" : "true";
            case NUMBER -> "77";
            case DURATION -> "7s";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-such-flag", "-nope=1", "--discovery=x",
        "--heartbeat-interval=abc", "--listen-peer-urls=foo", "--initial-cluster-state=foo",
        "--listen-metrics-urls=http://127.0.0.1:7,x",
        "--pre-vote=maybe", "--grpc-keepalive-timeout=5", "--name", "---name=x", "--=x"})
    void whatGoWouldNotParseIsRefusedAsSyntax(String argument) {
        assertThatThrownBy(() -> FlagArguments.parse(List.of(argument)))
                .isInstanceOf(FlagSyntaxException.class);
    }

    @Test
    void aSwitchTakesNoWordAfterIt() {
        assertThatThrownBy(() -> FlagArguments.parse(List.of("--pre-vote", "false")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("\"false\" is not a valid flag");
        assertThatThrownBy(() -> FlagArguments.parse(List.of("--name=x", "--", "--name=y")))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void helpNamesEveryFlag() throws Exception {
        assertThat(FlagArguments.parse(List.of("--name=x", "-h")).asksForHelp()).isTrue();
        for (Flag flag : flags()) {
            assertThat(FlagHelp.text()).contains("\n  --" + flag.name());
        }
    }

    @Test
    void flagBeatsOurVariableBeatsEtcds() throws Exception {
        Map<String, String> both = Map.of("ETCD_DATA_DIR", "etcd", "JANGADA_DATA_DIR", "ours");
        assertThat(FlagValues.of(FlagArguments.parse(List.of("-data-dir=flag")), both)
                .text("data-dir")).isEqualTo("flag");
        assertThat(FlagValues.of(FlagArguments.parse(List.of()), both).text("data-dir"))
                .isEqualTo("ours");
        assertThat(FlagValues.of(FlagArguments.parse(List.of()),
                Map.of("ETCD_DATA_DIR", "etcd", "JANGADA_DATA_DIR", "", "ETCD_NOPE", "1",
                        "ETCD_NAME", "m"))
                .notes()).containsExactly("unrecognized environment variable: ETCD_NOPE");
        assertThatThrownBy(() -> FlagValues.of(FlagArguments.parse(List.of()),
                Map.of("ETCD_ELECTION_TIMEOUT", "soon"))).isInstanceOf(ConfigException.class)
                .hasMessageContaining("--election-timeout").hasMessageContaining("soon");
    }

    @Test
    void fileIsReadAsEtcdReadsIt() throws Exception {
        Path file = Files.writeString(folder.resolve("etcd.yml"), """
                # A comment.
                name: m1
                data-dir: /var/lib/x
                election-timeout: 2000
                pre-vote: false
                grpc-keepalive-interval: 60000000000
                watch-progress-notify-interval: 1m
                log-outputs: [stderr, /tmp/x.log]
                initial-cluster: m1=http://localhost:2380
                client-transport-security:
                  client-cert-auth: false
                  trusted-ca-file: ''
                peer-transport-security:
                  auto-tls: false
                nonsense: 1
                """);
        FlagValues read = FlagValues.of(
                FlagArguments.parse(List.of("--config-file", file.toString(), "--name=other")),
                Map.of("ETCD_NAME", "another"));
        ServerConfig config = ServerFlags.config(read);
        assertThat(config.name()).isEqualTo("m1");
        assertThat(config.dataDir()).isEqualTo(Path.of("/var/lib/x"));
        assertThat(config.electionTimeoutMillis()).isEqualTo(2_000);
        assertThat(config.preVote()).isFalse();
        assertThat(config.grpcKeepaliveInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.watchProgressNotifyInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(read.text("log-outputs")).isEqualTo("stderr,/tmp/x.log");
        assertThat(read.notes()).anyMatch(note -> note.contains("unknown key: nonsense"))
                .anyMatch(note -> note.contains("ignored"));
    }

    @Test
    void fileThatIsUnsafeToIgnoreIsRefused() throws Exception {
        assertThat(FlagValues.of(FlagArguments.parse(List.of()),
                Map.of("ETCD_CONFIG_FILE", file("name: m2"))).text("name")).isEqualTo("m2");
        assertRefused("force-new-cluster: true", "--force-new-cluster is refused");
        assertRefused("election-timeout: soon", "--election-timeout");
        assertRefused("{{{", "is not YAML");
        assertRefused("- a", "is not a list of names and values");
        assertRefused("name: !!javax.script.ScriptEngineManager []", "is not YAML");
        assertThatThrownBy(() -> ConfigFile.read(folder.resolve("missing")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot be read: no such file");
        assertThatThrownBy(() -> ConfigFile.read(folder)).isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("cannot be read: Is a directory");
    }

    private String file(String yaml) throws Exception {
        return Files.writeString(folder.resolve("file.yml"), yaml).toString();
    }

    private void assertRefused(String yaml, String named) throws Exception {
        String file = file(yaml);
        assertThatThrownBy(() -> values("--config-file=" + file)).as(yaml)
                .isInstanceOf(ConfigException.class).hasMessageContaining(named);
    }

    @Test
    void rulesAreEtcds() throws Exception {
        assertBroken("50000", "--election-timeout=50001");
        assertBroken("at least 5 times", "--election-timeout=499", "--heartbeat-interval=100");
        assertBroken("--advertise-client-urls is required",
                "--listen-client-urls=http://127.0.0.1:1");
        assertBroken("at least 100 ms", "--watch-progress-notify-interval=99ms");
        assertBroken("--initial-advertise-peer-urls is",
                "--initial-cluster=default=http://other:2380");
        assertBroken("does not name this member", "--initial-cluster=other=http://localhost:2380");
        assertBroken("not \"zap\"", "--logger=capnslog");
        ServerConfig config = ServerFlags.config(values("--name=m",
                "--listen-client-urls=http://0.0.0.0:1", "--advertise-client-urls=http://h:1",
                "--listen-metrics-urls=http://127.0.0.1:2,http://127.0.0.1:3", "--cors=http://a,b",
                "--host-whitelist=", "--enable-grpc-gateway=false", "--max-txn-ops=0x10"));
        assertThat(config.dataDir()).isEqualTo(Path.of("m.etcd"));
        assertThat(config.http().listenMetricsUrls()).hasSize(2);
        assertThat(config.http().corsOrigins()).containsExactlyInAnyOrder("http://a", "b");
        assertThat(config.http().allowsHost("any")).isTrue();
        assertThat(config.http().gateway()).isFalse();
        assertThat(config.maxTxnOps()).isEqualTo(16);
        assertThat(config.maxConcurrentStreams()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aLimitOutOfRangeIsNamedByItsFlag() throws Exception {
        assertBroken("--max-client-connections is 0, below 1", "--max-client-connections=0");
        assertBroken("--max-waiting-ranges is 0, below 1", "--max-waiting-ranges=0");
        assertBroken("--max-pending-response-bytes is -1, below 0",
                "--max-pending-response-bytes=-1");
        assertBroken("--max-stream-resets is -1, below 0", "--max-stream-resets=-1");
        assertBroken("--rate-limit-per-user is -1, below 0", "--rate-limit-per-user=-1");
        assertBroken("--rate-limit-methods: Put is 0, below 1", "--rate-limit-methods=Put=0");
        assertBroken("--max-request-bytes is 2147483647, above 66060288",
                "--max-request-bytes=99999999999");
        assertThat(ServerFlags.config(values("--max-request-bytes=66060288")).maxRequestBytes())
                .isEqualTo(63 << 20);
    }

    @Test
    void aMistypedMethodOrGateIsRefusedAndNotPassedOver() throws Exception {
        assertBroken("there is no method \"Puts\"; methods are Alarm, ",
                "--rate-limit-methods=Range=5,Puts=1");
        assertThat(ServerFlags.config(values("--rate-limit-methods=Range=5, Lock=6")).limits()
                .methodRequestsPerSecond()).isEqualTo(Map.of("Range", 5, "Lock", 6));
        assertBroken("there is no gate \"InitialCorruptChek\"; gates are AllAlpha, ",
                "--feature-gates=InitialCorruptChek=true");
    }

    @Test
    void oneAddressIsListenedAtOnce() throws Exception {
        assertBroken("two URLs to listen on are one address: http://127.0.0.1:5 and"
                + " https://127.0.0.1:5", "--listen-peer-urls=http://127.0.0.1:5",
                "--listen-metrics-urls=https://127.0.0.1:5");
        assertThat(ServerFlags.config(values("--listen-peer-urls=http://127.0.0.1:0",
                "--listen-client-urls=http://127.0.0.1:0", "--advertise-client-urls=http://h:1"))
                .listenPeerUrls()).hasSize(1);
    }

    private static void assertBroken(String why, String... arguments) {
        assertThatThrownBy(() -> ServerFlags.config(values(arguments)))
                .isInstanceOf(ConfigException.class).hasMessageContaining(why);
    }

    private static FlagValues values(String... arguments) throws Exception {
        return FlagValues.of(FlagArguments.parse(List.of(arguments)), Map.of());
    }
}
