// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthDisableRequest;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Turns authentication off. */
@Command(name = "disable", description = "Turn authentication off: everybody may everything.", mixinStandardHelpOptions = true)
final class AuthDisableCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(0, arguments, "auth disable command does not accept any arguments");
        return client.run((etcd, printer) -> {
            etcd.auth().authDisable(AuthDisableRequest.getDefaultInstance());
            printer.say("Authentication Disabled");
        });
    }
}
