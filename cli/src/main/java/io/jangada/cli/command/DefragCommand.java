// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.DefragmentRequest;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.client.Refusals;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Defragments members' storage. */
@Command(name = "defrag", description = "Give back the space of each endpoint's storage that is not used.", mixinStandardHelpOptions = true)
public final class DefragCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private EndpointChoice choice = new EndpointChoice();

    @Override
    public Integer call() throws IOException, InterruptedException {

        return client.run((etcd, printer) -> {
            boolean failed = false;
            try (EtcdClient chosen = choice.chosen(etcd)) {
                for (String endpoint : chosen.endpoints()) {
                    try {
                        chosen.maintenance(endpoint)
                                .defragment(DefragmentRequest.getDefaultInstance());
                        printer.say("Finished defragmenting etcd member[" + endpoint + "]");
                    } catch (StatusRuntimeException refused) {
                        failed = true;
                        System.err.println("Failed to defragment etcd member[" + endpoint + "] ("
                                + Refusals.text(refused.getStatus()) + ")");
                    }
                }
            }
            if (failed) {
                throw CommandFailure.alreadyTold();
            }
        });
    }
}
