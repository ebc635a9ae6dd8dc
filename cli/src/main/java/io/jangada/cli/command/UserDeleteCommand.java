// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthUserDeleteRequest;
import io.jangada.api.etcd.AuthUserDeleteResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a user. */
@Command(name = "delete", description = "Delete a user.", mixinStandardHelpOptions = true)
final class UserDeleteCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "USER", arity = "0..*", description = "The name.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "user delete command requires user name as its argument");
        String user = arguments.getFirst();
        return client.run((etcd, printer) -> {
            AuthUserDeleteResponse response = etcd.auth()
                    .userDelete(AuthUserDeleteRequest.newBuilder().setName(user).build());
            printer.print(new Done("User " + user + " deleted", response.getHeader(), response));
        });
    }
}
