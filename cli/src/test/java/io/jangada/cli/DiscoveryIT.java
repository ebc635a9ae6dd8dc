// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that are not told of each other find each other in another etcd. */
@Timeout(180)
class DiscoveryIT {
    private static final String TOKEN = "6c007a14875d53d9bf0ef5a6fc0257c817f0fb83";
    private static final String REGISTRY = "/_etcd/registry/" + TOKEN + "/";

    @BeforeAll
    static void requireEtcd() {
        assumeTrue(EtcdProcess.isInstalled(),
                "etcd is not installed (packages etcd-server and etcd-client)");
    }

    @Test
    void threeMembersFindEachOtherInAnEtcd(@TempDir Path folder) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(folder);
                Cluster cluster = new Cluster(3, folder.resolve("jangada"), "--discovery-token",
                        TOKEN, "--discovery-endpoints", "http://" + etcd.endpoint());
                Cluster late = new Cluster(1, folder.resolve("late"), "--discovery-token", TOKEN,
                        "--discovery-endpoints", etcd.endpoint())) {
            run(etcd.endpoint(), "put", REGISTRY + "_config/size", "3");
            cluster.start();
            assertOneCluster(cluster);
            assertThat(run(etcd.endpoint(), "get", "--prefix", REGISTRY + "members/",
                    "--print-value-only").lines().filter(line -> !line.isEmpty()))
                    .containsExactlyInAnyOrderElementsOf(cluster.members().stream()
                            .map(member -> name(member) + "=" + member.peerUrl()).toList());
            late.members().getFirst().start();
            assertThat(late.members().getFirst().awaitExit()).isEqualTo(1);
            assertThat(late.members().getFirst().logged())
                    .contains("discovery: cluster is full");
            etcd.stop();
            for (MemberProcess member : cluster.members()) {
                assertThat(member.stop()).isZero();
            }
            cluster.start();
            assertThat(cluster.assertEqualData()).containsEntry("k", "v");
        }
    }

    @Test
    void threeMembersFindEachOtherInAJangadaThatHasUsers(@TempDir Path folder) throws Exception {
        try (Cluster registry = new Cluster(1, folder.resolve("registry")).start();
                Cluster cluster = new Cluster(3, folder.resolve("jangada"), "--discovery-token",
                        TOKEN, "--discovery-endpoints", registry.endpoints(),
                        "--discovery-user", "root:toor")) {
            run(registry.endpoints(), "put", REGISTRY + "_config/size", "3");
            run(registry.endpoints(), "user", "add", "root:toor");
            run(registry.endpoints(), "user", "grant-role", "root", "root");
            run(registry.endpoints(), "auth", "enable");
            cluster.start();
            assertOneCluster(cluster);
        }
    }

    @Test
    void whatIsMissingIsSaid(@TempDir Path folder) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(folder);
                Cluster cluster = new Cluster(1, folder.resolve("jangada"), "--discovery-token",
                        TOKEN, "--discovery-endpoints", etcd.endpoint())) {
            MemberProcess member = cluster.members().getFirst();
            member.start();
            assertThat(member.awaitExit()).isEqualTo(1);
            assertThat(member.logged()).contains("discovery: size key not found")
                    .contains(REGISTRY + "_config/size");
            run(etcd.endpoint(), "put", REGISTRY + "_config/size", "1");
            cluster.start();
            assertThat(run(member.clientEndpoint(), "put", "k", "v")).isEqualTo("OK\n");
        }
    }

    private static void assertOneCluster(Cluster cluster) throws Exception {
        assertThat(run(cluster.endpoints(), "put", "k", "v")).isEqualTo("OK\n");
        assertThat(run(cluster.endpoints(), "member", "list").lines()).hasSize(3)
                .allMatch(line -> line.contains(", started, m"));
        assertThat(cluster.assertEqualData()).containsEntry("k", "v");
    }

    private static String name(MemberProcess member) {
        return String.valueOf(member.dataDir().getFileName());
    }

    private static String run(String endpoints, String... arguments) throws Exception {
        Program.Result result = Program.etcdctl(endpoints, arguments);
        assertThat(result.exitCode()).as("etcdctl %s: %s", List.of(arguments), result.output())
                .isZero();
        return result.output();
    }
}
