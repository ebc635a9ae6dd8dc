// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.answer.TxnAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a transaction that standard input has. */
@Command(name = "txn", description = "Run a transaction read from standard input: comparisons, commands for success, commands for failure, each part ended by an empty line.", mixinStandardHelpOptions = true)
public final class TxnCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = {"-i", "--interactive"}, description = "Say which part comes next.")
    private boolean interactive;

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!arguments.isEmpty()) {
            throw CommandFailure.badArguments("txn command does not accept argument");
        }
        var input = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return client.run((etcd, printer) -> {
            var reader = new TxnReader(input, interactive ? printer::say : ignored -> {});
            printer.print(new TxnAnswer(etcd.kv().txn(reader.read())));
        });
    }
}
