// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthRoleListRequest;
import io.jangada.cli.answer.RolesAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists roles. */
@Command(name = "list", description = "List all roles.", mixinStandardHelpOptions = true)
final class RoleListCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(0, arguments, "role list command requires no arguments");
        return client.run((etcd, printer) -> printer.print(new RolesAnswer(
                etcd.auth().roleList(AuthRoleListRequest.getDefaultInstance()))));
    }
}
