// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.HostPort;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.Consistency;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.MemoryState;
import io.jangada.raftnode.MemoryStateMachine;
import io.jangada.raftnode.ProposalResult;
import io.jangada.raftnode.QueryResult;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What README.md shows: three members of a counter in one JVM, on real disk and sockets. */
class ReplicatedCounterTest {

    static final class Counter implements MemoryState<Long> {
        long count;

        @Override
        public Long apply(Bytes command) {
            count += Long.parseLong(command.toUtf8());
            return count;
        }

        @Override
        public Bytes save() {
            return Bytes.utf8(Long.toString(count));
        }

        @Override
        public void load(Bytes saved) {
            count = Long.parseLong(saved.toUtf8());
        }
    }

    static String count(Path directory) throws IOException {
        List<RaftHost> hosts = new ArrayList<>();
        for (long id = 1; id <= 3; id++) {
            hosts.add(RaftHost.builder(7, id, directory.resolve("member" + id))
                    .listen(List.of(new HostPort("127.0.0.1", 0))).open());
        }
        List<Member> members = hosts.stream()
                .map(host -> new Member(host.memberId(), host.boundAddresses())).toList();
        GroupConfig group = GroupConfig.builder(1, GroupStart.NEW, members).build();
        Counter third = new Counter();
        RaftNode<Long> first = hosts.get(0).start(group, new MemoryStateMachine<>(new Counter()));
        hosts.get(1).start(group, new MemoryStateMachine<>(new Counter()));
        RaftNode<Long> last = hosts.get(2).start(group, new MemoryStateMachine<>(third));

        ProposalResult<Long> added = first.propose(Bytes.utf8("5")).join();
        QueryResult<Long> read = last.read(Consistency.LINEARIZABLE, () -> third.count).join();
        hosts.forEach(RaftHost::close);
        return added + " " + read;
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void theCounterIsReplicatedAndComesBackFromTheDisk(@TempDir Path directory)
            throws IOException {
        assertThat(count(directory)).startsWith("Applied").contains("result=5")
                .contains("Answered[value=5");
        assertThat(count(directory)).startsWith("Applied").contains("result=10")
                .contains("Answered[value=10");
    }
}
