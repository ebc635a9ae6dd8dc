// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthUserRevokeRoleRequest;
import io.jangada.api.etcd.AuthUserRevokeRoleResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a role from a user. */
@Command(name = "revoke-role", description = "Take a role from a user.", mixinStandardHelpOptions = true)
final class UserRevokeRoleCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "USER ROLE", arity = "0..*", description = "The names.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(2, arguments,
                "user revoke-role requires user name and role name as its argument");
        String user = arguments.get(0);
        String role = arguments.get(1);
        return client.run((etcd, printer) -> {
            AuthUserRevokeRoleResponse response = etcd.auth()
                    .userRevokeRole(AuthUserRevokeRoleRequest
                            .newBuilder().setName(user).setRole(role).build());
            printer.print(new Done("Role " + role + " is revoked from user " + user,
                    response.getHeader(), response));
        });
    }
}
