// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AuthUserChangePasswordRequest;
import io.jangada.api.etcd.AuthUserChangePasswordResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes the password of a user. */
@Command(name = "passwd", description = "Change the password of a user.", mixinStandardHelpOptions = true)
final class UserPasswdCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private TypedPassword typed = new TypedPassword();

    @Parameters(paramLabel = "USER", arity = "0..*", description = "The name.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "user passwd command requires user name as its argument");
        String user = arguments.getFirst();
        AuthUserChangePasswordRequest request = AuthUserChangePasswordRequest.newBuilder()
                .setName(user).setPassword(typed.password(user)).build();
        return client.run((etcd, printer) -> {
            AuthUserChangePasswordResponse response = etcd.auth().userChangePassword(request);
            printer.print(new Done("Password updated", response.getHeader(), response));
        });
    }
}
