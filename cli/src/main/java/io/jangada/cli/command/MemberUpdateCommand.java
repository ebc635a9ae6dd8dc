// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.MemberUpdateRequest;
import io.jangada.api.etcd.MemberUpdateResponse;
import io.jangada.cli.answer.MemberChange;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a member other peer URLs. */
@Command(name = "update", description = "Give a member other peer URLs.", mixinStandardHelpOptions = true)
final class MemberUpdateCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--peer-urls", split = ",", paramLabel = "URL", description = "Where the others reach it, separated by commas.")
    private List<String> peerUrls = List.of();

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The member, in hexadecimal.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arguments.exactly(1, arguments, "member ID is not provided");
        long id = GoNumbers.member(arguments.getFirst());
        if (peerUrls.isEmpty()) {
            throw CommandFailure.badArguments("member peer urls not provided");
        }
        return client.run((etcd, printer) -> {
            MemberUpdateResponse response = etcd.cluster().memberUpdate(MemberUpdateRequest
                    .newBuilder().setID(id).addAllPeerURLs(peerUrls).build());
            printer.print(MemberChange.of(id, "updated in", response.getHeader(), response));
        });
    }
}
