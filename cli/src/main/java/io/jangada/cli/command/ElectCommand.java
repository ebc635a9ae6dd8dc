// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import com.google.protobuf.ByteString;
import io.jangada.api.election.CampaignRequest;
import io.jangada.api.election.CampaignResponse;
import io.jangada.api.election.ElectionGrpc;
import io.jangada.api.election.LeaderRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.cli.answer.RangeAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.client.Session;
import io.jangada.cli.print.ByteText;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.Printer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes part in an election, or watches one. */
@Command(name = "elect", description = "Be elected, and lead until Ctrl-C; or watch who leads.", mixinStandardHelpOptions = true)
public final class ElectCommand implements Callable<Integer> {
    private static final long TTL_SECONDS = 60;

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = {"-l", "--listen"}, description = "Only watch who leads.")
    private boolean listen;

    @Parameters(paramLabel = "NAME [PROPOSAL]", arity = "0..*", description = "The election, and what the leader says of itself.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (arguments.isEmpty() || arguments.size() > 2) {
            throw CommandFailure.badArguments("elect takes one election name argument"
                    + " and an optional proposal argument");
        }
        ByteString name = ByteText.encode(arguments.getFirst());
        if (listen) {
            Arguments.exactly(1, arguments, "proposal given but -l is set");
            return client.run((etcd, printer) -> observe(etcd, printer, name));
        }
        Arguments.exactly(2, arguments, "no proposal argument but -l not set");
        ByteString proposal = ByteText.encode(arguments.get(1));
        return client.run((etcd, printer) -> campaign(etcd, printer, name, proposal));
    }

    private static void observe(EtcdClient etcd, Printer printer, ByteString name) {
        ElectionGrpc.newBlockingStub(etcd.channel()).withWaitForReady()
                .observe(LeaderRequest.newBuilder().setName(name).build())
                .forEachRemaining(leader -> printer.print(new RangeAnswer(RangeResponse
                        .newBuilder().setHeader(leader.getHeader()).addKvs(leader.getKv())
                        .build(), false)));
    }

    private static void campaign(EtcdClient etcd, Printer printer, ByteString name,
            ByteString proposal) {
        try (Session session = Session.open(etcd, TTL_SECONDS)) {
            CampaignResponse elected = ElectionGrpc.newBlockingStub(etcd.channel())
                    .withWaitForReady().campaign(CampaignRequest.newBuilder().setName(name)
                            .setLease(session.lease()).setValue(proposal).build());
            session.held();
            printer.print(new RangeAnswer(etcd.kv().range(RangeRequest.newBuilder()
                    .setKey(elected.getLeader().getKey()).build()), false));
            session.await();
        }
    }
}
