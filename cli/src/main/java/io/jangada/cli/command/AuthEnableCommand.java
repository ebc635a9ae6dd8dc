// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthEnableRequest;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Turns authentication on. */
@Command(name = "enable", description = "Turn authentication on: users and roles count.", mixinStandardHelpOptions = true)
final class AuthEnableCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(0, arguments, "auth enable command does not accept any arguments");
        return client.run((etcd, printer) -> {
            etcd.auth().authEnable(AuthEnableRequest.getDefaultInstance());
            printer.say("Authentication Enabled");
        });
    }
}
