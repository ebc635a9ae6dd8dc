// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package app;

import io.jangada.network.HostPort;
import io.jangada.network.tls.SelfSigned;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.MemoryState;
import io.jangada.raftnode.MemoryStateMachine;
import io.jangada.raftnode.ProposalResult;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftNode;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Three members in one process, with TLS between them; prints the answer to one proposal, and its own module. */
public final class Main {

    /** Adds up numbers. */
    private static final class Sum implements MemoryState<Long> {
        private long sum;

        @Override
        public Long apply(Bytes command) {
            sum += Long.parseLong(command.toUtf8());
            return sum;
        }

        @Override
        public Bytes save() {
            return Bytes.utf8(Long.toString(sum));
        }

        @Override
        public void load(Bytes saved) {
            sum = Long.parseLong(saved.toUtf8());
        }
    }

    private Main() {}

    /** Takes one argument: a directory that is empty. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        List<RaftHost> hosts = new ArrayList<>();
        for (long id = 1; id <= 3; id++) {
            Path own = directory.resolve("member" + id);
            hosts.add(RaftHost.builder(7, id, own)
                    .listen(List.of(new HostPort("127.0.0.1", 0)))
                    .peerTls(SelfSigned.in(own.resolve("tls"), List.of("127.0.0.1"), InstantSource.system()))
                    .open());
        }
        List<Member> members = hosts.stream().map(host -> new Member(host.memberId(), host.boundAddresses())).toList();
        GroupConfig group = GroupConfig.builder(1, GroupStart.NEW, members).build();
        List<RaftNode<Long>> nodes = new ArrayList<>();
        for (RaftHost host : hosts) {
            nodes.add(host.start(group, new MemoryStateMachine<>(new Sum())));
        }
        ProposalResult<Long> result = nodes.get(0).propose(Bytes.utf8("42")).join();
        hosts.forEach(RaftHost::close);
        System.out.println(Main.class.getModule() + " " + RaftHost.class.getModule() + " " + result);
    }
}
