// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.CompactionRequest;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forgets old revisions. */
@Command(name = "compaction", aliases = "compact", description = "Forget what was before a revision.", mixinStandardHelpOptions = true)
public final class CompactionCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--physical", description = "Wait until the old revisions are gone from the disk.")
    private boolean physical;

    @Parameters(paramLabel = "REVISION", arity = "0..*", description = "The oldest state that stays readable.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (arguments.size() != 1) {
            throw CommandFailure.badArguments("compaction command needs 1 argument");
        }
        CompactionRequest request = CompactionRequest.newBuilder().setRevision(revision())
                .setPhysical(physical).build();
        return client.run((etcd, printer) -> {
            etcd.kv().compact(request);
            printer.say("compacted revision " + request.getRevision());
        });
    }

    private long revision() {
        try {
            return GoNumbers.signed(arguments.getFirst(), 10);
        } catch (NumberFormatException refused) {
            throw CommandFailure.error(String.valueOf(refused.getMessage()));
        }
    }
}
