// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.MemberRemoveRequest;
import io.jangada.api.etcd.MemberRemoveResponse;
import io.jangada.cli.answer.MemberChange;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a member. */
@Command(name = "remove", description = "Remove a member.", mixinStandardHelpOptions = true)
final class MemberRemoveCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The member, in hexadecimal.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "member ID is not provided");
        long id = GoNumbers.member(arguments.getFirst());
        return client.run((etcd, printer) -> {
            MemberRemoveResponse response = etcd.cluster()
                    .memberRemove(MemberRemoveRequest.newBuilder().setID(id).build());
            printer.print(MemberChange.of(id, "removed from", response.getHeader(), response));
        });
    }
}
