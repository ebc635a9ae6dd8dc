// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmRequest.AlarmAction;
import io.jangada.api.etcd.AlarmResponse;
import io.jangada.cli.answer.AlarmsAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts out all alarms. */
@Command(name = "disarm", description = "Put out all alarms.", mixinStandardHelpOptions = true)
final class AlarmDisarmCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(0, arguments, "alarm disarm command accepts no arguments");
        return client.run((etcd, printer) -> {
            AlarmResponse raised = etcd.maintenance().alarm(AlarmRequest.getDefaultInstance());
            AlarmResponse.Builder disarmed = AlarmResponse.newBuilder();
            for (AlarmMember alarm : raised.getAlarmsList()) {
                disarmed.addAllAlarms(etcd.maintenance().alarm(AlarmRequest.newBuilder()
                        .setAction(AlarmAction.DEACTIVATE).setMemberID(alarm.getMemberID())
                        .setAlarm(alarm.getAlarm()).build()).getAlarmsList());
            }
            printer.print(new AlarmsAnswer(disarmed.build()));
        });
    }
}
