// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.api.etcd.AuthUserGetRequest;
import io.jangada.api.etcd.AuthUserGetResponse;
import io.jangada.cli.answer.RoleAnswer;
import io.jangada.cli.answer.Told;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells the roles of a user. */
@Command(name = "get", description = "Tell the roles of a user.", mixinStandardHelpOptions = true)
final class UserGetCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--detail", description = "What the roles permit, too.")
    private boolean detail;

    @Parameters(paramLabel = "USER", arity = "0..*", description = "The name.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "user get command requires user name as its argument");
        String user = arguments.getFirst();
        return client.run((etcd, printer) -> {
            AuthUserGetResponse response = etcd.auth()
                    .userGet(AuthUserGetRequest.newBuilder().setName(user).build());
            if (!detail) {
                printer.print(new Told("User: " + user + "\nRoles:" + String.join("",
                        response.getRolesList().stream().map(role -> " " + role).toList()),
                        response));
                return;
            }
            printer.say("User: " + user);
            for (String role : response.getRolesList()) {
                printer.say("");
                printer.print(new RoleAnswer(role, etcd.auth()
                        .roleGet(AuthRoleGetRequest.newBuilder().setRole(role).build())));
            }
        });
    }
}
