// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.RangeRequest;
import io.jangada.cli.answer.RangeAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Gets keys. */
@Command(name = "get", description = "Get a key, or several.", mixinStandardHelpOptions = true)
public final class GetCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private GetArguments arguments = new GetArguments();

    @Override
    public Integer call() throws IOException, InterruptedException {
        RangeRequest request = arguments.request();
        if (arguments.valuesOnly() && !client.isSimple()) {
            throw CommandFailure
                    .badArguments("print-value-only is only for `--write-out=simple`");
        }
        if (arguments.countOnly() && client.isSimple()) {
            throw CommandFailure.badArguments("--count-only is only for `--write-out=fields`");
        }
        return client.run((etcd, printer) -> printer
                .print(new RangeAnswer(etcd.kv().range(request), arguments.valuesOnly())));
    }
}
