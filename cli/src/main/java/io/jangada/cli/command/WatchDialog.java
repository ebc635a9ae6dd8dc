// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.jangada.cli.client.Refusals;
import io.jangada.cli.print.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The interactive watch: one thread reads lines and asks, another shows what comes. */
final class WatchDialog {
    private final WatchStream stream;
    private long watchers;

    WatchDialog(WatchStream stream) {
        this.stream = stream;
    }

    /**
     * Reads standard input to its end.
     *
     * @throws CommandFailure at the end of the input, or if a line's arguments are no good
     */
    void run() throws IOException, StatusException, InterruptedException {
        Thread.ofPlatform().daemon().name("watch").start(this::show);
        var input = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            obey(line);
        }
        throw CommandFailure.invalidInput("Error reading watch request line: EOF");
    }

    private void obey(String line) throws StatusException, InterruptedException {
        List<String> words = Words.of(line);
        String first = words.isEmpty() ? "" : words.getFirst();
        if (first.equals("progress")) {
            stream.askForProgress();
        } else if (!first.equals("watch")) {
            System.err.println("Invalid command " + line + " (only support watch)");
        } else if (words.size() < 2) {
            System.err.println(
                    "Invalid command " + line + " (command type or key is not provided)");
        } else {
            watch(words.subList(1, words.size()));
        }
    }

    private void watch(List<String> words) throws StatusException, InterruptedException {
        var arguments = new WatchArguments();
        try {
            new CommandLine(arguments).setExpandAtFiles(false).setOverwrittenOptionsAllowed(true)
                    .parseArgs(words.toArray(new String[0]));
        } catch (ParameterException refused) {
            throw CommandFailure.badArguments(String.valueOf(refused.getMessage()));
        }
        int programWords = WatchArguments.programWords(words);
        watchers++;
        stream.create(arguments.request(programWords, watchers, List.of()),
                arguments.program(programWords));
    }

    private void show() {
        boolean more = true;
        while (more) {
            try {
                more = stream.showNext();
            } catch (CommandFailure ignored) {
                // Told already; the other watchers go on.
            } catch (StatusException refused) {
                System.err.println("Error: " + Refusals.text(refused.getStatus()));
                return;
            } catch (StatusRuntimeException refused) {
                System.err.println("Error: " + Refusals.text(refused.getStatus()));
                return;
            } catch (InterruptedException ignored) {
                return;
            }
        }
    }
}
