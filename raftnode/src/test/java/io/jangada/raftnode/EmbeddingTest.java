// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.HostPort;
import io.jangada.network.LoopbackHub;
import io.jangada.network.Network;
import io.jangada.network.PeerAddress;
import io.jangada.network.tcp.Compression;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.SelfSigned;
import io.jangada.network.tls.TlsFileException;
import io.jangada.raft.model.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedding that the README shows: three members in one JVM, with real disks and sockets. */
@Timeout(60)
class EmbeddingTest {

    @Test
    void threeMembersInOneJvmReplicateAndRecover(@TempDir Path directory) throws Exception {
        replicate(directory, List.of("a", "b", "c"), 0);
        replicate(directory, List.of("d"), 3);
    }

    @Test
    void threeMembersTalkOverTls(@TempDir Path directory) throws Exception {
        replicate(directory, List.of("a", "b", "c"), 0,
                host -> host.peerTls(SelfSigned.in(
                        directory.resolve("tls" + host.memberId()), List.of("127.0.0.1"),
                        InstantSource.system())));
    }

    @Test
    void threeMembersTalkCompressedAndAtABoundedRate(@TempDir Path directory) throws Exception {
        replicate(directory, List.of("a".repeat(10_000), "b", "c"), 0,
                host -> host.peerCompression(Compression.DEFLATE)
                        .snapshotBytesPerSecondMax(1 << 20));
    }

    @Test
    void whatIsForTheHostsOwnNetworkIsRefusedWithAnother(@TempDir Path directory) {
        Network other = new LoopbackHub().join(1, Runnable::run);
        RaftHostBuilder rate = RaftHost.builder(7, 1, directory).network(other)
                .snapshotBytesPerSecondMax(1 << 20);
        RaftHostBuilder compression = RaftHost.builder(7, 1, directory).network(other)
                .peerCompression(Compression.DEFLATE);
        RaftHostBuilder tls = RaftHost.builder(7, 1, directory).network(other)
                .peerTls(PeerTls.mutual(directory, directory, directory));

        for (RaftHostBuilder builder : List.of(rate, compression, tls)) {
            assertThatThrownBy(builder::open).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> rate.snapshotBytesPerSecondMax(1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMissingFileIsNamedAndNothingStaysTaken(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing.pem");
        RaftHostBuilder builder = RaftHost.builder(7, 1, directory)
                .listen(List.of(new HostPort("127.0.0.1", 0)));

        assertThatThrownBy(() -> builder.peerTls(PeerTls.mutual(missing, missing, missing))
                .open()).isInstanceOfSatisfying(TlsFileException.class,
                        e -> assertThat(e.file()).isEqualTo(missing));

        RaftHost.builder(7, 1, directory).listen(List.of(new HostPort("127.0.0.1", 0))).open()
                .close();
    }

    private static void replicate(Path directory, List<String> lines, int before)
            throws Exception {
        replicate(directory, lines, before, host -> host);
    }

    /** What a test does to a host before it is opened. */
    private interface Options {
        RaftHostBuilder apply(RaftHostBuilder host) throws IOException;
    }

    private static void replicate(Path directory, List<String> lines, int before,
            Options options) throws Exception {
        List<Member> members = List.of(new Member(1, List.of()), new Member(2, List.of()),
                new Member(3, List.of()));
        List<RaftHost> hosts = new ArrayList<>();
        for (Member member : members) {
            hosts.add(options.apply(RaftHost
                    .builder(7, member.id(), directory.resolve("m" + member.id()))
                    .listen(List.of(new HostPort("127.0.0.1", 0)))).open());
        }
        try {
            for (RaftHost host : hosts) {
                for (RaftHost peer : hosts) {
                    if (peer != host) {
                        host.network().addPeer(
                                new PeerAddress(peer.memberId(), peer.boundAddresses()));
                    }
                }
            }
            List<RaftNode<Integer>> nodes = new ArrayList<>();
            for (RaftHost host : hosts) {
                nodes.add(host.start(GroupConfig.builder(1, GroupStart.NEW, members)
                        .tick(Duration.ofMillis(20)).build(), new Journal()));
            }
            List<CompletableFuture<ProposalResult<Integer>>> results = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                RaftNode<Integer> node = nodes.get(i);
                results.add(node.propose(Bytes.utf8(lines.get(i))));
                assertThat(results.get(i).get(30, TimeUnit.SECONDS))
                        .isInstanceOfSatisfying(ProposalResult.Applied.class,
                                applied -> assertThat(applied.result())
                                        .isEqualTo(before + results.size()));
            }
            assertThat(nodes.get(2).readIndex().get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ReadResult.Ready.class);
        } finally {
            hosts.forEach(RaftHost::close);
        }
    }
}
