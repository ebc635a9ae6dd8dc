// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.cli.print.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Reads a transaction: lines of comparisons, an empty line, the commands for success, an empty line, those for failure,
 * an empty line.
 */
final class TxnReader {
    private final BufferedReader input;
    private final Consumer<String> prompt;

    /** Reads from {@code input}; {@code prompt} is told what comes next. */
    TxnReader(BufferedReader input, Consumer<String> prompt) {
        this.input = input;
        this.prompt = prompt;
    }

    /**
     * All of it.
     *
     * @throws CommandFailure if a line is no good or the input ends too early
     */
    TxnRequest read() throws IOException {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        prompt.accept("compares:");
        section(line -> request.addCompare(Comparisons.parse(line)));
        prompt.accept("success requests (get, put, del):");
        section(line -> request.addSuccess(operation(line)));
        prompt.accept("failure requests (get, put, del):");
        section(line -> request.addFailure(operation(line)));
        return request.build();
    }

    private void section(Consumer<String> reader) throws IOException {
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.isBlank()) {
                return;
            }
            reader.accept(line.strip());
        }
        throw CommandFailure.invalidInput("EOF");
    }

    private static RequestOp operation(String line) {
        List<String> words = Words.of(line);
        if (words.size() < 2) {
            throw CommandFailure.invalidInput("invalid txn compare request: " + line);
        }
        TxnOperation operation = switch (words.getFirst()) {
            case "get" -> new GetArguments();
            case "put" -> new PutArguments();
            case "del" -> new DelArguments();
            default -> throw invalid(line);
        };
        try {
            new CommandLine(operation).setExpandAtFiles(false).setOverwrittenOptionsAllowed(true)
                    .parseArgs(words.subList(1, words.size()).toArray(new String[0]));
        } catch (ParameterException ignored) {
            throw invalid(line);
        }
        return operation.operation();
    }

    private static CommandFailure invalid(String line) {
        return CommandFailure.invalidInput("invalid txn request: " + line);
    }
}
