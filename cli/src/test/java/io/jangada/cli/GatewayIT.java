// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JSON API and the probes of a cluster's members, by curl. */
@Timeout(120)
class GatewayIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private static Path folder;
    @SuppressWarnings("NullAway.Init") // Before all tests.
    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new Cluster(3, folder, "--host-whitelist=127.0.0.1").start();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void whatOneMemberPutsAnotherReads() throws Exception {
        assertThat(curl("-d", "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}", url(0, "/v3/kv/put")))
                .contains("\"revision\":\"");
        for (int member = 0; member < 3; member++) {
            assertThat(curl("-d", "{\"key\":\"Zm9v\"}", url(member, "/v3/kv/range")))
                    .contains("\"key\":\"Zm9v\"", "\"value\":\"YmFy\"", "\"count\":\"1\"");
            assertThat(curl("-d", "{}", url(member, "/v3/cluster/member/list")))
                    .contains("\"name\":\"m3\"");
            assertThat(curl(url(member, "/health")))
                    .isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
            assertThat(curl(url(member, "/readyz?verbose"))).contains("[+]linearizable_read ok");
        }
    }

    @Test
    void largeBodiesAreWaitedFor() throws Exception {
        String body = "{\"key\":\"YmlnCg==\",\"value\":\"" + "QUFB".repeat(30_000) + "\"}";
        assertThat(curl("-H", "Expect: 100-continue", "-d", body, url(1, "/v3/kv/put")))
                .contains("\"raft_term\"");
    }

    @Test
    void watchGoesOnLineByLine() throws Exception {
        Process watch = new ProcessBuilder("curl", "-sN", "-d",
                "{\"create_request\":{\"key\":\"dw==\"}}", url(2, "/v3/watch")).start();
        try (var lines = new BufferedReader(
                new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("\"created\":true");
            curl("-d", "{\"key\":\"dw==\",\"value\":\"MQ==\"}", url(0, "/v3/kv/put"));
            assertThat(lines.readLine()).contains("\"value\":\"MQ==\"");
            curl("-d", "{\"key\":\"dw==\"}", url(1, "/v3/kv/deleterange"));
            assertThat(lines.readLine()).contains("\"type\":\"DELETE\"");
        } finally {
            watch.destroyForcibly();
        }
    }

    @Test
    void errorsAndStrangersAreRefused() throws Exception {
        assertThat(curl("-w", " %{http_code}", "-d", "{}", url(0, "/v3/kv/put")))
                .contains("\"message\":\"etcdserver: key is not provided\"").endsWith(" 400");
        assertThat(curl("-w", " %{http_code}", "-H", "Host: evil", url(0, "/version")))
                .endsWith(" 421");
    }

    private static String url(int member, String path) {
        return "http://" + cluster.members().get(member).clientEndpoint() + path;
    }

    private static String curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-m", "20"));
        command.addAll(List.of(arguments));
        Program.Result result = Program.run(Map.of(), command);
        assertThat(result.exitCode()).as("%s: %s", command, result.output()).isZero();
        return result.output();
    }
}
