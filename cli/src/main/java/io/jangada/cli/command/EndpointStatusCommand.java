// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.cli.answer.StatusAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.client.Refusals;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells each endpoint's status. */
@Command(name = "status", description = "Tell each endpoint's status.", mixinStandardHelpOptions = true)
final class EndpointStatusCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private EndpointChoice choice = new EndpointChoice();

    @Override
    public Integer call() throws IOException, InterruptedException {

        return client.run((etcd, printer) -> {
            var answers = new ArrayList<StatusAnswer.Of>();
            boolean failed = false;
            try (EtcdClient chosen = choice.chosen(etcd)) {
                for (String endpoint : chosen.endpoints()) {
                    try {
                        answers.add(new StatusAnswer.Of(endpoint, chosen.maintenance(endpoint)
                                .status(StatusRequest.getDefaultInstance())));
                    } catch (StatusRuntimeException refused) {
                        failed = true;
                        System.err.println("Failed to get the status of endpoint " + endpoint
                                + " (" + Refusals.text(refused.getStatus()) + ")");
                    }
                }
            }
            printer.print(new StatusAnswer(answers));
            if (failed) {
                throw CommandFailure.alreadyTold();
            }
        });
    }
}
