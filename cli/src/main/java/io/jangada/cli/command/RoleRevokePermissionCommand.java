// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthRoleRevokePermissionRequest;
import io.jangada.api.etcd.AuthRoleRevokePermissionResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.answer.KeyRange;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a permission from a role. */
@Command(name = "revoke-permission", description = "Take a permission from a role.", mixinStandardHelpOptions = true)
final class RoleRevokePermissionCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private PermissionKeys keys = new PermissionKeys();

    @Parameters(paramLabel = "ROLE KEY [ENDKEY]", arity = "0..*", description = "The role, and the keys as they were granted.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (arguments.size() < 2) {
            throw CommandFailure.badArguments("role revoke-permission command requires role name"
                    + " and key [endkey] as its argument");
        }
        String role = arguments.getFirst();
        KeyRange range = keys.range(arguments.subList(1, arguments.size()));
        AuthRoleRevokePermissionRequest request = AuthRoleRevokePermissionRequest.newBuilder()
                .setRole(role).setKey(range.key()).setRangeEnd(range.end()).build();
        return client.run((etcd, printer) -> {
            AuthRoleRevokePermissionResponse response = etcd.auth()
                    .roleRevokePermission(request);
            printer.print(new Done("Permission of " + (range.isSingle() ? "key " : "range ")
                    + range.described() + " is revoked from role " + role, response.getHeader(),
                    response));
        });
    }
}
