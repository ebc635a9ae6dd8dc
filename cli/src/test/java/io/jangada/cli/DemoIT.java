// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.etcd.StatusResponse;
import io.jangada.cli.client.EtcdClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo says where it serves, serves there, and takes its members with it when it is stopped. */
class DemoIT {
    private static final Pattern ENDPOINTS = Pattern.compile("serves at (\\S+?)\\.?\\s");

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void servesUntilItIsStopped(String signal, @TempDir Path folder) throws Exception {
        // A build that runs in the background has SIGINT ignored, which children inherit: undone by env.
        Process demo = new ProcessBuilder("env", "--default-signal=INT", Program.path(), "demo",
                "--data-dir", folder.resolve("demo").toString()).redirectErrorStream(true).start();
        List<ProcessHandle> members = List.of();
        try (BufferedReader output = demo.inputReader(StandardCharsets.UTF_8)) {
            List<String> endpoints = awaitEndpoints(output);
            members = demo.descendants().toList();
            assertThat(endpoints).hasSize(3);
            assertThat(members).hasSize(3);
            assertThat(leaders(endpoints)).as("leaders").doesNotContain(0L).hasSize(3);
            String all = String.join(",", endpoints);
            assertThat(Program.jangada("put", "--endpoints=" + all, "greeting", "hello").exitCode())
                    .isZero();
            for (String endpoint : endpoints) {
                Program.Result read = Program.jangada("get", "--endpoints=" + endpoint, "greeting");
                assertThat(read.output()).contains("hello");
            }
            assertThat(Program.run(Map.of(),
                    List.of("kill", "-" + signal, Long.toString(demo.pid()))).exitCode()).isZero();
            assertThat(demo.waitFor(10, TimeUnit.SECONDS)).as("the demo ends").isTrue();
            assertThat(members).as("its members").noneMatch(ProcessHandle::isAlive);
        } finally {
            members.forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
    }

    private static List<String> awaitEndpoints(BufferedReader output) throws IOException {
        var seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(line).append('\n');
            Matcher found = ENDPOINTS.matcher(line + "\n");
            if (found.find()) {
                return List.of(found.group(1).split(","));
            }
        }
        throw new AssertionError("the demo ended without serving: " + seen);
    }

    private static List<Long> leaders(List<String> endpoints) {
        var leaders = new ArrayList<Long>();
        try (var client = new EtcdClient(endpoints, 2_000)) {
            for (String endpoint : endpoints) {
                Optional<StatusResponse> status = client.status(endpoint);
                leaders.add(status.map(StatusResponse::getLeader).orElse(0L));
            }
        }
        return leaders;
    }
}
