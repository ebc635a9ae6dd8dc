// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.LeaseRevokeResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.Refusals;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Revokes a lease. */
@Command(name = "revoke", description = "Revoke a lease, and delete its keys.", mixinStandardHelpOptions = true)
final class LeaseRevokeCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The lease, in hexadecimal.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "lease revoke command needs 1 argument");
        long id = GoNumbers.lease(arguments.getFirst(), "bad lease ID arg");
        LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(id).build();
        return client.run((etcd, printer) -> {
            try {
                LeaseRevokeResponse response = etcd.lease().leaseRevoke(request);
                printer.print(new Done("lease " + GoText.lease(id) + " revoked",
                        response.getHeader(), response));
            } catch (StatusRuntimeException refused) {
                throw CommandFailure.error("failed to revoke lease ("
                        + Refusals.text(refused.getStatus()) + ")");
            }
        });
    }
}
