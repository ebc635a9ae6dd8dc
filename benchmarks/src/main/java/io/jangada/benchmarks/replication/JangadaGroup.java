// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import io.jangada.network.HostPort;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.MemoryState;
import io.jangada.raftnode.MemoryStateMachine;
import io.jangada.raftnode.ProposalResult;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ours, with its defaults: snapshots, too, of which the others take none. Thread-safe: immutable. */
final class JangadaGroup implements ReplicatedGroup {
    private final List<RaftHost> hosts;
    private final List<Running> members;
    private final Bytes payload;

    private record Running(RaftNode<Long> node, Count count) {}

    /** Counts commands. */
    private static final class Count implements MemoryState<Long> {
        /** Written by the apply loop, read by any thread. */
        private volatile long commands;

        @Override
        public Long apply(Bytes command) {
            long counted = commands + 1;
            commands = counted;
            return counted;
        }

        @Override
        public Bytes save() {
            return Bytes.utf8(Long.toString(commands));
        }

        @Override
        public void load(Bytes saved) {
            commands = Long.parseLong(saved.toUtf8());
        }
    }

    private JangadaGroup(List<RaftHost> hosts, List<Running> members, Bytes payload) {
        this.hosts = List.copyOf(hosts);
        this.members = List.copyOf(members);
        this.payload = payload;
    }

    static JangadaGroup open(Path directory, byte[] payload)
            throws IOException, InterruptedException {
        List<RaftHost> hosts = new ArrayList<>();
        try {
            for (int id = 1; id <= 3; id++) {
                hosts.add(RaftHost.builder(7, id, directory.resolve("member" + id))
                        .listen(List.of(new HostPort("127.0.0.1", 0)))
                        .open());
            }
            List<Member> members = hosts.stream()
                    .map(host -> new Member(host.memberId(), host.boundAddresses()))
                    .toList();
            GroupConfig config = GroupConfig.builder(1, GroupStart.NEW, members).build();
            List<Running> running = new ArrayList<>();
            for (RaftHost host : hosts) {
                Count count = new Count();
                running.add(new Running(host.start(config, new MemoryStateMachine<>(count)),
                        count));
            }
            return new JangadaGroup(hosts,
                    Beginnings.leaderFirst(running, one -> one.node().status().isLeader()),
                    Bytes.copyOf(payload));
        } catch (IOException | InterruptedException failed) {
            hosts.forEach(RaftHost::close);
            throw failed;
        }
    }

    @Override
    public void propose(Completion completion) {
        CompletableFuture<?> unusedEnd = members.getFirst().node().propose(payload)
                .whenComplete((result, failure) -> completion
                        .completed(result instanceof ProposalResult.Applied));
    }

    @Override
    public long[] applied() {
        return members.stream().mapToLong(one -> one.count().commands).toArray();
    }

    @Override
    public void close() {
        hosts.forEach(RaftHost::close);
    }
}
