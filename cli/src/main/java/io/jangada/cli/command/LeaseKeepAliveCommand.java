// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.LeaseKeepAliveResponse;
import io.jangada.cli.answer.LeaseAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.LeaseRenewals;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a lease alive. */
@Command(name = "keep-alive", description = "Keep a lease alive until it is revoked or Ctrl-C.", mixinStandardHelpOptions = true)
final class LeaseKeepAliveCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--once", description = "Once only.")
    private boolean once;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The lease, in hexadecimal.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "lease keep-alive command needs lease ID as argument");
        long id = GoNumbers.lease(arguments.getFirst(), "bad lease ID arg");
        return client.run((etcd, printer) -> {
            var renewals = new LeaseRenewals(etcd, id);
            LeaseKeepAliveResponse response = renewals.renew();
            if (once && response.getTTL() <= 0) {
                throw CommandFailure
                        .badConnection("etcdserver: requested lease not found");
            }
            while (response.getTTL() > 0) {
                printer.print(LeaseAnswer.kept(response));
                if (once) {
                    return;
                }
                renewals.awaitNext(response.getTTL());
                response = renewals.renew();
            }
            printer.say("lease " + GoText.lease(id) + " expired or revoked.");
        });
    }
}
