// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Command lines that are given to etcdctl 3.4 and then to our program, in this JVM, against one server. What they print
 * is the same, and so is the exit code, but for numbers that differ by themselves. An at sign in an argument stands for
 * a name that is another one for each of the two.
 */
final class SideBySide {
    /**
     * What was left.
     *
     * @param exitCode the exit code
     * @param out standard output
     * @param error the lines of standard error that begin with Error, or those of etcdctl that have no level
     */
    record Ran(int exitCode, String out, String error) {}

    private static final String ETCDCTL = "of-etcdctl";
    private static final String OURS = "of-jangada";
    /** As they are, and as the bytes of a key that begins with {@code d-}. */
    private static final Pattern NAMES = Pattern.compile(
            String.join("|", ETCDCTL, OURS, inBase64(ETCDCTL), inBase64(OURS)));
    /** Each call of the two may change the store, which shows in these. */
    private static final Pattern NUMBERS = Pattern.compile(
            "(\"(?:revision|create_revision|mod_revision|version|lease|Revision|CreateRevision"
                    + "|ModRevision|Version|PrevCreateRevision|PrevModRevision|PrevVersion|ID|id"
                    + "|TTL|ttl)\" ?: ?)-?\\d+");
    private static final Pattern LEASES = Pattern.compile("(lease |/)[0-9a-f]{16}");
    private static final Pattern DURATIONS = Pattern
            .compile("[0-9.]+(?:ms|µs|s)\\b|remaining\\(\\d+s\\)");
    /** Fields that etcdctl 3.4 does not know. */
    private static final Pattern NEW_FIELDS = Pattern
            .compile(",\"storageVersion\":.*?\"downgradeInfo\":\\{\\}|,\"hash_revision\":\\d+");

    private final String endpoint;

    SideBySide(String endpoint) {
        this.endpoint = endpoint;
    }

    /** Both do the same; returns what ours did. */
    Ran same(String... arguments) throws Exception {
        return sameWithInput("", arguments);
    }

    /** The same with {@code input} on standard input. */
    Ran sameWithInput(String input, String... arguments) throws Exception {
        Ran expected = normal(etcdctl(input, named(arguments, ETCDCTL)));
        Ran ours = jangada(input, named(arguments, OURS));
        assertThat(normal(ours)).as("%s, beside etcdctl", List.of(arguments))
                .isEqualTo(expected);
        return ours;
    }

    /** Our program alone. */
    Ran jangada(String input, String... arguments) {
        PrintStream realOut = System.out;
        PrintStream realError = System.err;
        InputStream realIn = System.in;
        var out = new ByteArrayOutputStream();
        var error = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            int exitCode = Main.run(arguments);
            return new Ran(exitCode, out.toString(StandardCharsets.UTF_8),
                    error.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(realOut);
            System.setErr(realError);
            System.setIn(realIn);
        }
    }

    private Ran etcdctl(String input, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("etcdctl"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String error = new String(process.getErrorStream().readAllBytes(),
                StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, error);
    }

    private String[] named(String[] arguments, String name) {
        return Stream.concat(Stream.of("--endpoints=" + endpoint),
                Stream.of(arguments).map(argument -> argument.replace("@", name)))
                .toArray(String[]::new);
    }

    private static Ran normal(Ran ran) {
        return new Ran(ran.exitCode(), normal(ran.out()), normal(ran.error()).lines()
                .filter(line -> !line.startsWith("{\"level\":") && !line.startsWith("stty:")
                        && !line.isEmpty())
                .reduce("", (all, line) -> all + line + "\n"));
    }

    private static String inBase64(String name) {
        return Base64.getEncoder()
                .encodeToString(("d-" + name).getBytes(StandardCharsets.UTF_8));
    }

    private static String normal(String text) {
        String normal = NAMES.matcher(text).replaceAll("@");
        normal = NEW_FIELDS.matcher(normal).replaceAll("");
        normal = NUMBERS.matcher(normal).replaceAll("$1N");
        normal = LEASES.matcher(normal).replaceAll("$1LEASE");
        return DURATIONS.matcher(normal).replaceAll("DURATION");
    }
}
