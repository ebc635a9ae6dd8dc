// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AlarmRequest;
import io.jangada.cli.answer.AlarmsAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists alarms. */
@Command(name = "list", description = "List the alarms that are raised.", mixinStandardHelpOptions = true)
final class AlarmListCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(0, arguments, "alarm list command accepts no arguments");
        return client.run((etcd, printer) -> printer.print(new AlarmsAnswer(
                etcd.maintenance().alarm(AlarmRequest.getDefaultInstance()))));
    }
}
