// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.LeaseLeasesRequest;
import io.jangada.cli.answer.LeasesAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists leases. */
@Command(name = "list", description = "List all leases.", mixinStandardHelpOptions = true)
final class LeaseListCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {

        return client.run((etcd, printer) -> printer.print(new LeasesAnswer(
                etcd.lease().leaseLeases(LeaseLeasesRequest.getDefaultInstance()))));
    }
}
