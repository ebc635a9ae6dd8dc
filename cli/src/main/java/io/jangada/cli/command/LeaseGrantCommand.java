// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.cli.answer.LeaseAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.Refusals;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Grants a lease. */
@Command(name = "grant", description = "Grant a lease.", mixinStandardHelpOptions = true)
final class LeaseGrantCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "SECONDS", arity = "0..*", description = "How long it lives without a sign of life.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "lease grant command needs TTL argument");
        LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(seconds()).build();
        return client.run((etcd, printer) -> {
            try {
                printer.print(LeaseAnswer.granted(etcd.lease().leaseGrant(request)));
            } catch (StatusRuntimeException refused) {
                throw CommandFailure.error("failed to grant lease ("
                        + Refusals.text(refused.getStatus()) + ")");
            }
        });
    }

    private long seconds() {
        try {
            return GoNumbers.signed(arguments.getFirst(), 10);
        } catch (NumberFormatException refused) {
            throw CommandFailure.badArguments("bad TTL (" + refused.getMessage() + ")");
        }
    }
}
