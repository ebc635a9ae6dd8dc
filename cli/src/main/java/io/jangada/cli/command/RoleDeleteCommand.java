// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthRoleDeleteRequest;
import io.jangada.api.etcd.AuthRoleDeleteResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a role. */
@Command(name = "delete", description = "Delete a role.", mixinStandardHelpOptions = true)
final class RoleDeleteCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "ROLE", arity = "0..*", description = "Its name.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "role delete command requires role name as its argument");
        String role = arguments.getFirst();
        return client.run((etcd, printer) -> {
            AuthRoleDeleteResponse response = etcd.auth()
                    .roleDelete(AuthRoleDeleteRequest.newBuilder().setRole(role).build());
            printer.print(new Done("Role " + role + " deleted", response.getHeader(), response));
        });
    }
}
