// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.MemberAddRequest;
import io.jangada.cli.answer.MemberAddAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a member. */
@Command(name = "add", description = "Add a member, which is started afterwards.", mixinStandardHelpOptions = true)
final class MemberAddCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--peer-urls", split = ",", paramLabel = "URL", description = "Where the others will reach it, separated by commas.")
    private List<String> peerUrls = List.of();

    @Option(names = "--learner", description = "Without a vote until it is promoted.")
    private boolean learner;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "What the member will be called.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (arguments.size() != 1) {
            throw CommandFailure.badArguments(
                    arguments.isEmpty() ? "member name not provided" : "too many arguments");
        }
        if (peerUrls.stream().allMatch(String::isEmpty)) {
            throw CommandFailure.badArguments("member peer urls not provided");
        }
        peerUrls.forEach(MemberAddCommand::check);
        MemberAddRequest request = MemberAddRequest.newBuilder().addAllPeerURLs(peerUrls)
                .setIsLearner(learner).build();
        return client.run((etcd, printer) -> printer.print(new MemberAddAnswer(
                arguments.getFirst(), etcd.cluster().memberAdd(request))));
    }

    private static void check(String url) {
        if (!url.matches("(https?|unixs?)://.+")) {
            throw CommandFailure
                    .error("URL scheme must be http, https, unix, or unixs: " + url);
        }
    }
}
