// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.answer.HealthAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells whether each endpoint serves. */
@Command(name = "health", description = "Tell whether each endpoint serves.", mixinStandardHelpOptions = true)
final class EndpointHealthCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private EndpointChoice choice = new EndpointChoice();

    @Override
    public Integer call() throws IOException, InterruptedException {

        return client.run((etcd, printer) -> {
            var answers = new ConcurrentLinkedQueue<HealthAnswer.Of>();
            try (EtcdClient chosen = choice.chosen(etcd);
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (String endpoint : chosen.endpoints()) {
                    EtcdClient one = chosen.of(List.of(endpoint));
                    threads.execute(() -> answers.add(HealthCheck.of(one, endpoint)));
                }
            }
            var answer = new HealthAnswer(List.copyOf(answers));
            printer.print(answer);
            if (!answer.endpoints().stream().allMatch(HealthAnswer.Of::isHealthy)) {
                throw CommandFailure.error("unhealthy cluster");
            }
        });
    }
}
