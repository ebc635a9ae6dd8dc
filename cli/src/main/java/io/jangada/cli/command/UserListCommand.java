// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthUserListRequest;
import io.jangada.api.etcd.AuthUserListResponse;
import io.jangada.cli.answer.Told;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists users. */
@Command(name = "list", description = "List all users.", mixinStandardHelpOptions = true)
final class UserListCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(0, arguments, "user list command requires no arguments");
        return client.run((etcd, printer) -> {
            AuthUserListResponse response = etcd.auth()
                    .userList(AuthUserListRequest.getDefaultInstance());
            printer.print(new Told(String.join("\n", response.getUsersList()), response));
        });
    }
}
