// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution's {@code bin/etcd} as supervisors and suites run etcd: with next to no environment. */
@Timeout(120)
class DistributionIT {
    private static final long STOP_MILLIS_MAX = 1_500;

    private final List<Process> started = new ArrayList<>();
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    @AfterEach
    void killWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    private static Path etcd() {
        return Path.of(Program.path()).resolveSibling("etcd");
    }

    /* Even the path to the shell's tools may be missing; a shell has a default for it. */
    @ParameterizedTest
    @ValueSource(strings = {"PATH=/usr/bin:/bin", "NOTHING=1"})
    void versionsFirstLineIsEtcds(String variable) throws Exception {
        Process process = start(etcd(), Map.of(variable.split("=", 2)[0],
                variable.split("=", 2)[1]), "--version");
        List<String> lines = lines(process).lines().toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        assertThat(lines.getFirst()).matches("etcd Version: 3\\.7\\.\\d+");
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.contains(": "));
    }

    @Test
    void unknownFlagsEndWithTwoAndSubcommandsWithOne() throws Exception {
        assertThat(start(etcd(), Map.of(), "--nope").waitFor()).isEqualTo(2);
        assertThat(start(etcd(), Map.of(), "gateway", "start").waitFor()).isEqualTo(1);
    }

    @Test
    void servesUntilItIsToldToStop() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("etcd"), etcd());
        Process process = start(link, Map.of("ETCD_DATA_DIR", folder.resolve("data").toString()),
                "-listen-client-urls", "http://127.0.0.1:0", "-advertise-client-urls",
                "http://127.0.0.1:1", "-listen-peer-urls=http://127.0.0.1:0",
                "--unsafe-no-fsync");
        var out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<JsonObject> log = new ArrayList<>();
        do {
            log.add(JsonParser.parseString(Objects.requireNonNull(out.readLine(), "it ended"))
                    .getAsJsonObject());
        } while (!log.getLast().get("msg").getAsString()
                .contains("ready to serve client requests"));
        assertThat(process.info().command()).as("the process that was started")
                .hasValueSatisfying(command -> assertThat(command).endsWith("/java"));

        signal(process, "STOP");
        signal(process, "CONT");
        long told = System.nanoTime();
        signal(process, "TERM");
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - told))
                .isLessThanOrEqualTo(STOP_MILLIS_MAX);
        assertThat(process.exitValue()).isZero();
        out.lines().forEach(line -> log.add(JsonParser.parseString(line).getAsJsonObject()));
        assertThat(log).allSatisfy(line -> {
            assertThat(line.get("ts").getAsString())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
            assertThat(line.get("level").getAsString()).isIn("info", "warn");
            assertThat(line.has("caller")).isTrue();
        });
        assertThat(log.stream().filter(line -> line.get("level").getAsString().equals("warn")))
                .as("what was given and has no effect").hasSize(1)
                .allMatch(line -> line.toString().contains("--unsafe-no-fsync"));
        assertThat(folder.resolve("data/member")).isDirectory();
    }

    @Test
    void archiveHoldsTheProgram() throws Exception {
        Program.Result listed = Program.run(Map.of(), List.of("tar", "-tvzf",
                System.getProperty("jangada.archive", "target/jangada-0.1.0-SNAPSHOT.tar.gz")));
        assertThat(listed.exitCode()).as(listed.output()).isZero();
        for (String program : List.of("etcd", "jangada")) {
            assertThat(listed.output().lines()).anyMatch(line -> line.startsWith("-rwxr-xr-x")
                    && line.matches(".* jangada-[^/]+/bin/" + program));
        }
        assertThat(listed.output()).contains("/lib/jangada-cli-", "/lib/native/librocksdbjni-",
                "/LICENSE", "/docs/operating.md").doesNotContain(".aot", ".jsa");
    }

    private Process start(Path program, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static String lines(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void signal(Process process, String name)
            throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start()
                .waitFor()).isZero();
    }
}
