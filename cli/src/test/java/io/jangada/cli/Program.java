// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs run to their end: the built distribution's, and etcdctl. */
final class Program {
    /**
     * What a program left.
     *
     * @param exitCode its exit code
     * @param output standard output and standard error, in the order in which they came
     */
    record Result(int exitCode, String output) {}

    private Program() {}

    /** The launcher of the distribution that this build made. */
    static String path() {
        return Path.of(System.getProperty("jangada.dist", "target/dist"), "bin", "jangada")
                .toAbsolutePath().toString();
    }

    static Result jangada(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments(path(), arguments));
    }

    static boolean hasEtcdctl() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "etcdctl")));
    }

    static Result etcdctl(String endpoints, String... arguments)
            throws IOException, InterruptedException {
        return run(Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", endpoints),
                arguments("etcdctl", arguments));
    }

    /** The same, with {@code input} on its standard input. */
    static Result etcdctlWithInput(String endpoints, String input, String... arguments)
            throws IOException, InterruptedException {
        return run(Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", endpoints),
                arguments("etcdctl", arguments), input);
    }

    private static List<String> arguments(String program, String... arguments) {
        var all = new ArrayList<String>();
        all.add(program);
        all.addAll(List.of(arguments));
        return all;
    }

    static Result run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        return run(environment, command, "");
    }

    private static Result run(Map<String, String> environment, List<String> command,
            String input) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("still runs: " + command);
        }
        return new Result(process.exitValue(), output);
    }
}
