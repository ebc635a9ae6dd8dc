// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.cli.answer.RoleAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells what a role may. */
@Command(name = "get", description = "Tell what a role permits.", mixinStandardHelpOptions = true)
final class RoleGetCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "ROLE", arity = "0..*", description = "Its name.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "role get command requires role name as its argument");
        String role = arguments.getFirst();
        return client.run((etcd, printer) -> printer.print(new RoleAnswer(role, etcd.auth()
                .roleGet(AuthRoleGetRequest.newBuilder().setRole(role).build()))));
    }
}
