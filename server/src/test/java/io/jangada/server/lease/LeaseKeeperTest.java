// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.network.LoopbackHub;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupLimits;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftNode;
import io.jangada.raftnode.StateMachine;
import io.jangada.raftnode.StateSnapshot;
import io.jangada.raftnode.VirtualEventLoops;
import io.jangada.server.apply.ApplyResult;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import io.jangada.wal.WalConfig;
import io.jangada.wal.disk.MemoryDisk;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a leader does when leases are over, in virtual time. */
class LeaseKeeperTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int RECORD_BYTES_MAX = 1 << 14;
    private static final long LEASE = 7;

    private final VirtualEventLoops loops = new VirtualEventLoops();
    private final EventLoop loop = loop("server");
    private final Log log = new Log();

    private EventLoop loop(String name) {
        return loops.loop(name, thrown -> {
            throw new AssertionError(thrown);
        });
    }

    /** Remembers what is committed, and has no leases. */
    private static final class Log implements StateMachine<ApplyResult> {
        private final List<Command> commands = new ArrayList<>();

        @Override
        public AppliedState recover() {
            return AppliedState.NONE;
        }

        @Override
        public void initialize(AppliedState first) {}

        @Override
        public List<ApplyResult> apply(List<Command> batch) {
            commands.addAll(batch);
            return Collections.nCopies(batch.size(),
                    new ApplyResult.Rejected(EtcdError.LEASE_NOT_FOUND));
        }

        @Override
        public void applyConfChange(EntryId id, ConfChange change, ConfState result) {}

        @Override
        public StateSnapshot snapshot() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(AppliedState at, InputStream in) {
            throw new UnsupportedOperationException();
        }
    }

    private RaftNode<ApplyResult> node() throws Exception {
        RaftHost host = RaftHost.builder(1, 1, Path.of("/member")).disk(new MemoryDisk())
                .wal(new WalConfig(1 << 16, RECORD_BYTES_MAX, 1 << 15))
                .network(new LoopbackHub().join(1, loop("wires"))).loops(loops)
                .random(new SplittableRandom(1)).open();
        return host.start(GroupConfig
                .builder(1, GroupStart.NEW, List.of(new Member(1, List.of())))
                .limits(GroupLimits.DEFAULT.withProposalBytesMax(RECORD_BYTES_MAX / 2)).build(),
                log);
    }

    @Test
    void aRevokeSaysInWhichTermItWasDecided() throws Exception {
        try (MvccStore store = MvccStore.open(new MemoryBackend())) {
            RaftNode<ApplyResult> node = node();
            LeaseKeeper keeper = new LeaseKeeper(loop, loops.clock());
            keeper.start(new LocalMember(
                    ServerConfig.builder("m", Path.of("/unused")).build(), 1, 1, store, node, loop,
                    loops.clock(), loops.background()));
            assertThat(loops.runUntil(() -> node.status().isLeader(), LONG)).isTrue();
            keeper.leadershipChanged();
            keeper.granted(LEASE, 1);
            assertThat(loops.runUntil(() -> !log.commands.isEmpty(), LONG)).isTrue();

            InternalRaftRequest revoke = request(log.commands.getFirst());
            assertThat(revoke.getLeaseRevoke().getID()).isEqualTo(LEASE);
            assertThat(revoke.getHeader().getTerm()).isPositive()
                    .isEqualTo(node.status().term());
        }
    }

    private static InternalRaftRequest request(Command command)
            throws InvalidProtocolBufferException {
        return InternalRaftRequest.parseFrom(command.data().asByteBuffer());
    }
}
