// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.auth.UserAddOptions;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserAddResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a user. */
@Command(name = "add", description = "Add a user.", mixinStandardHelpOptions = true)
final class UserAddCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--new-user-password", paramLabel = "PASSWORD", description = "The password.")
    private String newPassword = "";

    @Option(names = "--no-password", description = "Known by a certificate alone.")
    private boolean noPassword;

    @Mixin
    private TypedPassword typed = new TypedPassword();

    @Parameters(paramLabel = "USER[:PASSWORD]", arity = "0..*", description = "The name; a password that is not given is asked for.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "user add command requires user name as its argument");
        AuthUserAddRequest request = request(arguments.getFirst());
        return client.run((etcd, printer) -> {
            AuthUserAddResponse response = etcd.auth().userAdd(request);
            printer.print(new Done("User " + request.getName() + " created",
                    response.getHeader(), response));
        });
    }

    private AuthUserAddRequest request(String user) {
        AuthUserAddRequest.Builder request = AuthUserAddRequest.newBuilder().setName(user)
                .setOptions(UserAddOptions.newBuilder().setNoPassword(noPassword));
        if (noPassword) {
            return request.build();
        }
        if (!newPassword.isEmpty()) {
            return request.setPassword(newPassword).build();
        }
        int colon = user.indexOf(':');
        if (colon < 0) {
            return request.setPassword(typed.password(user)).build();
        }
        if (colon == 0) {
            throw CommandFailure.badArguments("empty user name is not allowed");
        }
        return request.setName(user.substring(0, colon))
                .setPassword(user.substring(colon + 1)).build();
    }
}
