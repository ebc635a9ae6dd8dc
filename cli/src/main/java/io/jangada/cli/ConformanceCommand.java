// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.conformance.ConformanceRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs recorded traces of a Raft core against ours. Standard output has one line a file and a last
 * line with the counts; standard error has the differences. Exit code 0 only if no file failed.
 */
@Command(name = "conformance", description = "Run recorded traces of a Raft core against this one.", mixinStandardHelpOptions = true)
final class ConformanceCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "The folder of traces: .txt files, in folders named interaction, confchange and quorum.")
    private Path folder = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no folder " + folder);
        }
        List<Path> files = ConformanceRunner.files(folder);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no traces (.txt files) in " + folder);
        }
        int failed = 0;
        for (Path file : files) {
            failed += passes(file) ? 0 : 1;
        }
        System.out.println(files.size() - failed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }

    private boolean passes(Path file) {
        var failure = ConformanceRunner.run(file).failure();
        Path name = folder.relativize(file);
        if (failure.isEmpty()) {
            System.out.println("passed  " + name);
            return true;
        }
        System.out.println("failed  " + name + ":" + failure.get().line() + ": "
                + failure.get().summary());
        if (!failure.get().difference().isEmpty()) {
            System.err.print(name + ":" + failure.get().line() + "\n"
                    + failure.get().difference());
        }
        return false;
    }
}
