// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A JVM that runs {@link SystemRun}: idle until it is asked to measure. Main thread. */
final class MeasuredProcess implements AutoCloseable {
    private final ReplicationSystem system;
    private final Path home;
    private final Process process;
    private final PrintWriter asks;
    private final BufferedReader answers;

    private MeasuredProcess(ReplicationSystem system, Path home, Process process) {
        this.system = system;
        this.home = home;
        this.process = process;
        asks = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts {@code command}, whose members keep their files in {@code home}. */
    static MeasuredProcess start(ReplicationSystem system, Path home, List<String> command)
            throws IOException {
        return new MeasuredProcess(system, home, new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    ReplicationSystem system() {
        return system;
    }

    /**
     * Measures at {@code point}. Blocks.
     *
     * @throws IOException if the process ends instead
     */
    Figures measure(Point point) throws IOException {
        asks.println(point.payloadBytes() + " " + point.inFlight());
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            Optional<Figures.Told> told = Figures.parse(line).filter(
                    one -> one.point().equals(point));
            if (told.isPresent()) {
                return told.get().figures();
            }
        }
        throw new IOException(system + " has ended instead of measuring " + point);
    }

    /**
     * Lets it end by itself. Blocks.
     *
     * @throws IOException if it fails, as it does when its members do not agree
     */
    void finish() throws IOException, InterruptedException {
        asks.close();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(system + " has ended with " + code);
        }
    }

    /** Ends it and removes its directory, which is empty unless it failed. */
    @Override
    public void close() throws IOException {
        process.destroy();
        if (Files.isDirectory(home) && isEmpty(home)) {
            Files.delete(home);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.findFirst().isEmpty();
        }
    }
}
