// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.MemberListRequest;
import io.jangada.cli.answer.MembersAnswer;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists members. */
@Command(name = "list", description = "List the members.", mixinStandardHelpOptions = true)
final class MemberListCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {

        return client.run((etcd, printer) -> printer.print(new MembersAnswer(etcd.cluster()
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build()))));
    }
}
