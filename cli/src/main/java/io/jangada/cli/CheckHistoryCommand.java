// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.checker.Verdict;
import io.jangada.checker.history.History;
import io.jangada.checker.json.HistoryFormatException;
import io.jangada.checker.json.HistoryReader;
import io.jangada.checker.revision.RevisionChecker;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Checks a recorded history (docs/checker.md). Standard output has the verdict and what it is about.
 * Exit code 0: passed; 1: violated; 2: no history in the file; 3: undecided.
 */
@Command(name = "check-history", description = "Check a recorded history for linearizability and the guarantees of watches.", mixinStandardHelpOptions = true)
final class CheckHistoryCommand implements Callable<Integer> {
    private static final int BAD_FILE = 2;

    @Parameters(index = "0", paramLabel = "FILE", description = "The history: lines of JSON.")
    private Path file = Path.of("");

    @Option(names = "--html", paramLabel = "FILE", description = "Where to write a picture of a violation.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException {
        History history;
        try (Reader in = Files.newBufferedReader(file)) {
            history = HistoryReader.read(in);
        } catch (HistoryFormatException | IOException e) {
            String why = e instanceof NoSuchFileException ? "no such file" : e.getMessage();
            System.err.println("jangada: " + file + ": " + why);
            return BAD_FILE;
        }
        long begin = System.nanoTime();
        Verdict verdict = RevisionChecker.check(history);
        double seconds = Math.max(1, System.nanoTime() - begin) / 1e9;
        int code = VerdictPrinter.tell(verdict, history, html);
        System.out
                .println(String.format(Locale.ROOT, "checked in %.3f s, %.0f operations/s", seconds,
                        history.operations().size() / seconds));
        return code;
    }
}
