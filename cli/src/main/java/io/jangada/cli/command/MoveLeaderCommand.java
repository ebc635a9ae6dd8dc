// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.MoveLeaderRequest;
import io.jangada.api.etcd.MoveLeaderResponse;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import io.jangada.cli.answer.StatusAnswer;
import io.jangada.cli.answer.Told;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Hands leadership over. */
@Command(name = "move-leader", description = "Hand leadership over to another member.", mixinStandardHelpOptions = true)
public final class MoveLeaderCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The member, in hexadecimal.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "move-leader command needs 1 argument");
        long target = target();
        return client.run((etcd, printer) -> {
            StatusAnswer.Of leader = leader(etcd);
            MoveLeaderResponse response = etcd.maintenance(leader.endpoint())
                    .moveLeader(MoveLeaderRequest.newBuilder().setTargetID(target).build());
            String from = GoText.id(leader.status().getLeader());
            printer.print(new Told("Leadership transferred from " + from
                    + " to " + GoText.id(target), response));
        });
    }

    private long target() {
        try {
            return GoNumbers.unsigned(arguments.getFirst());
        } catch (NumberFormatException refused) {
            throw CommandFailure.badArguments(String.valueOf(refused.getMessage()));
        }
    }

    private static StatusAnswer.Of leader(EtcdClient etcd) {
        for (String endpoint : etcd.endpoints()) {
            try {
                StatusResponse status = etcd.maintenance(endpoint)
                        .status(StatusRequest.getDefaultInstance());
                if (status.getLeader() == status.getHeader().getMemberId()) {
                    return new StatusAnswer.Of(endpoint, status);
                }
            } catch (StatusRuntimeException ignored) {
                // One that does not answer does not lead, as far as this command is concerned.
            }
        }
        throw CommandFailure.badArguments("no leader endpoint given at ["
                + String.join(" ", etcd.endpoints()) + "]");
    }
}
