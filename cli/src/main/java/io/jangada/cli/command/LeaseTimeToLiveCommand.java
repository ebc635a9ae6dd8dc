// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.LeaseTimeToLiveRequest;
import io.jangada.cli.answer.TimeToLiveAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what a lease has left. */
@Command(name = "timetolive", description = "Tell what a lease has left.", mixinStandardHelpOptions = true)
final class LeaseTimeToLiveCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--keys", description = "Name its keys, too.")
    private boolean keys;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The lease, in hexadecimal.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "lease timetolive command needs lease ID as argument");
        long id = GoNumbers.lease(arguments.getFirst(), "bad lease ID arg");
        LeaseTimeToLiveRequest request = LeaseTimeToLiveRequest.newBuilder().setID(id)
                .setKeys(keys).build();
        return client.run((etcd, printer) -> printer.print(
                new TimeToLiveAnswer(etcd.lease().leaseTimeToLive(request), keys)));
    }
}
