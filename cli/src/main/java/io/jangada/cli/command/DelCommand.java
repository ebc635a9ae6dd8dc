// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.cli.answer.DeleteAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes keys. */
@Command(name = "del", description = "Delete a key, or several.", mixinStandardHelpOptions = true)
public final class DelCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private DelArguments arguments = new DelArguments();

    @Override
    public Integer call() throws IOException, InterruptedException {
        DeleteRangeRequest request = arguments.request();
        return client.run((etcd, printer) -> printer
                .print(new DeleteAnswer(etcd.kv().deleteRange(request))));
    }
}
