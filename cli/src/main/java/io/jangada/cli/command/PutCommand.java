// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.PutRequest;
import io.jangada.cli.answer.PutAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Puts a key. */
@Command(name = "put", description = "Put a key. A VALUE that begins with - comes after --.", mixinStandardHelpOptions = true)
public final class PutCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private PutArguments arguments = new PutArguments();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PutRequest request = arguments.request(System.in);
        return client.run(
                (etcd, printer) -> printer.print(new PutAnswer(etcd.kv().put(request))));
    }
}
