// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.HashKVRequest;
import io.jangada.cli.answer.HashAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.client.Refusals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells each endpoint's hash of keys and values. */
@Command(name = "hashkv", description = "Tell each endpoint's hash of keys and values.", mixinStandardHelpOptions = true)
final class EndpointHashKvCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--rev", paramLabel = "REVISION", defaultValue = "0", description = "Up to this revision; 0 for the newest (default: ${DEFAULT-VALUE}).")
    private long revision;

    @Mixin
    private EndpointChoice choice = new EndpointChoice();

    @Override
    public Integer call() throws IOException, InterruptedException {

        HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
        return client.run((etcd, printer) -> {
            var answers = new ArrayList<HashAnswer.Of>();
            try (EtcdClient chosen = choice.chosen(etcd)) {
                for (String endpoint : chosen.endpoints()) {
                    try {
                        answers.add(new HashAnswer.Of(endpoint,
                                chosen.maintenance(endpoint).hashKV(request)));
                    } catch (StatusRuntimeException refused) {
                        System.err.println("Failed to get the hash of endpoint " + endpoint + " ("
                                + Refusals.text(refused.getStatus()) + ")");
                        throw refused;
                    }
                }
            }
            printer.print(new HashAnswer(answers));
        });
    }
}
