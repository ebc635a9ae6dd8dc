// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthStatusRequest;
import io.jangada.cli.answer.AuthStatusAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells whether authentication is on. */
@Command(name = "status", description = "Tell whether authentication is on.", mixinStandardHelpOptions = true)
final class AuthStatusCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(0, arguments, "auth status command does not accept any arguments");
        return client.run((etcd, printer) -> printer.print(new AuthStatusAnswer(
                etcd.auth().authStatus(AuthStatusRequest.getDefaultInstance()))));
    }
}
