// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.MemberListRequest;
import io.jangada.cli.client.EtcdClient;
import java.util.List;
import picocli.CommandLine.Option;

/** Which endpoints a command asks. */
final class EndpointChoice {
    @Option(names = "--cluster", description = "All members' endpoints, not those of --endpoints.")
    private boolean cluster;

    /** A client of them; of all members, as the first that serves knows them. */
    EtcdClient chosen(EtcdClient etcd) {
        if (!cluster) {
            return etcd.of(etcd.endpoints());
        }
        List<String> urls = etcd.cluster()
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build())
                .getMembersList().stream()
                .flatMap(member -> member.getClientURLsList().stream()).distinct().toList();
        return etcd.of(urls);
    }
}
