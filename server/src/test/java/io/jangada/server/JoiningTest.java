// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.Member;
import io.jangada.api.etcd.MemberAddRequest;
import io.jangada.api.etcd.MemberAddResponse;
import io.jangada.api.etcd.MemberListRequest;
import io.jangada.api.etcd.MemberRemoveRequest;
import io.jangada.server.config.InitialClusterState;
import io.jangada.server.config.ServerConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of one that grows, and shrinks again, in this process. */
@Timeout(120)
class JoiningTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    private static String freeUrl() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    /* Members send changes on to the leader's client port: it has to be the real one. */
    private ServerConfig.Builder config(String name, String peerUrl) throws Exception {
        String clientUrl = freeUrl();
        return ServerConfig.builder(name, folder.resolve(name))
                .listenClientUrls(clientUrl).advertiseClientUrls(clientUrl)
                .listenPeerUrls(peerUrl).initialAdvertisePeerUrls(peerUrl)
                .heartbeatIntervalMillis(10).electionTimeoutMillis(500);
    }

    private static ServerConfig joining(ServerConfig.Builder config, String cluster)
            throws Exception {
        return config.initialCluster(cluster).initialClusterState(InitialClusterState.EXISTING)
                .build();
    }

    @Test
    void aMemberThatWasAddedFindsOutWhichOneItIsAndOneThatIsRemovedStops() throws Exception {
        String first = freeUrl();
        String second = freeUrl();
        String cluster = "one=" + first + ",two=" + second;
        try (OneMember one = OneMember.start(config("one", first).build())) {
            var members = ClusterGrpc.newBlockingStub(one.channel());
            assertThatThrownBy(() -> EtcdServer.start(joining(config("two", second), cluster)))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("cannot join: " + first.replace("http://", ""));

            MemberAddResponse added = members
                    .memberAdd(MemberAddRequest.newBuilder().addPeerURLs(second).build());
            assertThat(added.getMember().getPeerURLsList()).containsExactly(second);
            assertThat(added.getMembersCount()).isEqualTo(2);
            try (EtcdServer two = EtcdServer.start(joining(config("two", second), cluster))) {
                two.ready().get(30, TimeUnit.SECONDS);
            }
            try (EtcdServer two = EtcdServer.start(joining(config("two", second), cluster))) {
                two.ready().get(30, TimeUnit.SECONDS);
                List<Member> now = members.memberList(
                        MemberListRequest.newBuilder().setLinearizable(true).build())
                        .getMembersList();
                assertThat(now.stream().map(Member::getName)).containsExactlyInAnyOrder("one",
                        "two");

                var left = members.memberRemove(MemberRemoveRequest.newBuilder()
                        .setID(added.getMember().getID()).build());
                assertThat(left.getMembersList()).extracting(Member::getName)
                        .containsExactly("one");
                two.stopped().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void whoNamesNobodyToAskIsRefused() {
        assertThatThrownBy(() -> {
            String own = freeUrl();
            var ignored = EtcdServer.start(joining(config("two", own), "two=" + own));
        }).isInstanceOf(StartException.class).hasMessageContaining("names no other member to ask");
    }
}
