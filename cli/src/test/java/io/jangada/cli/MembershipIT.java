// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members come and go by etcd's own command line, while clients write. */
class MembershipIT {
    @BeforeAll
    static void needsEtcdctl() {
        assumeTrue(Program.hasEtcdctl(), "etcdctl is not installed (package etcd-client)");
    }

    @Test
    void aLearnerIsAddedPromotedMovedAndRemoved(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder).start();
                var writers = new Writers(cluster.members(), 2)) {
            writers.awaitMore(100);
            String there = cluster.endpoints();
            DemoMember.Address address = Cluster.freeAddress("m4");
            String added = etcdctl(there, "member", "add", "m4", "--learner",
                    "--peer-urls=" + address.peerUrl());
            assertThat(added).contains("added to cluster")
                    .contains("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
            String id = added.replaceAll("(?s)Member +([0-9a-f]+) added.*", "$1");
            assertThat(line(there, id)).contains("unstarted").endsWith("true");
            assertRefused("etcdserver: too many learner members in cluster", there, "member",
                    "add", "m5", "--learner", "--peer-urls=http://127.0.0.1:1");
            assertRefused("etcdserver: Peer URLs already exists", there, "member", "add", "m5",
                    "--peer-urls=http://127.0.0.1:1," + address.peerUrl());
            assertRefused("can only promote a learner member which is in sync with leader", there,
                    "member", "promote", id);

            MemberProcess learner = cluster.join(address);
            Cluster.await("the learner to be started", 30,
                    () -> line(there, id).contains("started, m4"));
            String at = learner.clientEndpoint();
            assertRefused("etcdserver: rpc not supported for learner", at, "put", "k", "v");
            assertRefused("etcdserver: rpc not supported for learner", at, "get", "k");
            assertThat(etcdctl(at, "get", "--consistency=s", "w0/0")).isEqualTo("w0/0\n0\n");

            etcdctl(there, "member", "promote", id);
            assertThat(line(there, id)).endsWith("false");
            assertRefused("etcdserver: can only promote a learner member", there, "member",
                    "promote", id);
            assertThat(etcdctl(at, "put", "k", "v")).isEqualTo("OK\n");

            etcdctl(there, "member", "update", id,
                    "--peer-urls=" + address.peerUrl() + ",http://localhost:1");
            assertThat(line(there, id)).contains("http://localhost:1");

            assertRefused("etcdserver: member not found", there, "member", "remove", "1234");
            assertThat(etcdctl(there, "member", "remove", id)).contains("removed from cluster");
            assertThat(learner.awaitExit()).isZero();
            assertThat(learner.logged()).contains("has been permanently removed");
            assertThat(etcdctl(there, "member", "list").lines()).hasSize(3);
            learner.start();
            assertThat(learner.awaitExit()).as("a removed member does not come back").isNotZero();
            cluster.forget(learner);
            writers.awaitMore(100);
            writers.stop();
            assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
        }
    }

    @Test
    void everyMemberIsReplacedUnderLoad(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder).start();
                var writers = new Writers(cluster.members(), 4)) {
            writers.awaitMore(500);
            List<MemberProcess> first = List.copyOf(cluster.members());
            for (int i = 0; i < first.size(); i++) {
                DemoMember.Address address = Cluster.freeAddress("n" + i);
                String added = etcdctl(cluster.endpoints(), "member", "add", address.name(),
                        "--peer-urls=" + address.peerUrl());
                String id = added.replaceAll("(?s)Member +([0-9a-f]+) added.*", "$1");
                MemberProcess joined = cluster.join(address);
                Cluster.await("the new member to vote, and to serve", 60,
                        () -> votes(cluster, id) && joined.status().isPresent());
                MemberProcess old = first.get(i);
                String oldId = Long.toHexString(
                        old.status().orElseThrow().getHeader().getMemberId());
                etcdctl(joined.clientEndpoint(), "member", "remove", oldId);
                assertThat(old.awaitExit()).isZero();
                cluster.forget(old);
                writers.awaitMore(300);
            }
            writers.stop();
            assertThat(cluster.members()).doesNotContainAnyElementsOf(first).hasSize(3);
            assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
        }
    }

    private static boolean votes(Cluster cluster, String id) {
        try {
            for (MemberProcess member : cluster.members()) {
                if (member.logged().contains("has caught up and votes member=" + id)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String line(String endpoints, String id) {
        try {
            return etcdctl(endpoints, "member", "list").lines()
                    .filter(line -> line.startsWith(id)).findAny().orElse("");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(String text, String endpoints, String... arguments)
            throws IOException, InterruptedException {
        Program.Result refused = Program.etcdctl(endpoints, arguments);
        assertThat(refused.output()).contains(text);
        assertThat(refused.exitCode()).isNotZero();
    }

    private static String etcdctl(String endpoints, String... arguments)
            throws IOException, InterruptedException {
        Program.Result result = Program.etcdctl(endpoints, arguments);
        assertThat(result.exitCode()).as("etcdctl %s: %s", List.of(arguments), result.output())
                .isZero();
        return result.output();
    }
}
