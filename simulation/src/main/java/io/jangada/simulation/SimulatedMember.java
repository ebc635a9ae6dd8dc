// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.WatchHub;
import io.jangada.mvcc.WatchLimits;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.network.LoopbackHub;
import io.jangada.network.Network;
import io.jangada.raft.ReadOnlyMode;
import io.jangada.raft.RoleName;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupLimits;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftNode;
import io.jangada.raftnode.RaftObserver;
import io.jangada.raftnode.VirtualEventLoops;
import io.jangada.server.apply.Applier;
import io.jangada.server.apply.ApplyObserver;
import io.jangada.server.apply.ApplyResult;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.lease.LeaseKeeper;
import io.jangada.server.member.LocalMember;
import io.jangada.wal.WalConfig;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** One run of a member's process: from its start to its end, whichever way that comes. */
final class SimulatedMember {
    static final Path DIRECTORY = Path.of("/member");
    private static final long CLUSTER = 7;
    private static final long GROUP = 1;
    private static final int RECORD_BYTES_MAX = 1 << 13;
    private static final int HEADER_BYTES_MAX = 64;
    private static final int COMPACT_ROWS = 20;
    private static final Duration COMPACT_PAUSE = Duration.ofMillis(10);

    private final long id;
    private final MemberLoops loops;
    private final RaftHost host;
    private final LocalMember member;
    private final WatchHub watches;
    private final EventLoop watchLoop;
    private final EventLoop service;
    private final LeaseKeeper leases;
    private final MvccStore store;

    /** What a process is made from. */
    record Parts(Scenario scenario, ServerConfig config, VirtualEventLoops world, LoopbackHub hub,
            EventLoop wires,
            Invariants invariants, Trace trace, Ends ends) {}

    /** Hears how processes end by themselves. */
    interface Ends {
        /** The group of {@code member} has stopped. */
        void stopped(SimulatedMember member, Optional<Throwable> failure);

        /** {@code member} begins to lead. */
        void leads(SimulatedMember member);

        /** The configuration of {@code member} has become joint. */
        void joint(SimulatedMember member);

        /** {@code member} is no longer one. */
        void removed(SimulatedMember member);
    }

    private SimulatedMember(Parts parts, long id, double rate, MemoryDisk disk,
            MemoryBackend backend,
            GroupStart how, List<Member> members, SplittableRandom random) throws IOException {
        this.id = id;
        loops = new MemberLoops(parts.world(), Long.toString(id), rate);
        Scenario scenario = parts.scenario();
        Network network = parts.hub().join(id, parts.wires());
        boolean begun = false;
        try {
            store = MvccStore.open(backend);
            host = RaftHost.builder(CLUSTER, id, DIRECTORY).disk(disk)
                    .wal(wal(scenario))
                    .network(network).loops(loops).random(random).open();
            EventLoop serverLoop = loops.loop("server-" + id, this::failed);
            watchLoop = loops.loop("watch-" + id, this::failed);
            service = loops.loop("service-" + id, this::failed);
            watches = WatchHub.attach(store, watchLoop, WatchLimits.DEFAULT);
            leases = new LeaseKeeper(serverLoop, loops.clock());
            Applier applier = new Applier(store, List.of(), new Effects());
            RaftNode<ApplyResult> node = host.start(group(scenario, how, members),
                    new WatchedMachine(id, applier, parts.invariants()));
            member = new LocalMember(parts.config(), CLUSTER, id, store, node, serverLoop,
                    loops.clock(),
                    loops.background());
            node.addObserver(new Observer(parts));
            leases.start(member);
            begun = true;
        } finally {
            if (!begun) {
                loops.end();
                network.close();
            }
        }
    }

    /**
     * Starts a process.
     *
     * @throws IOException if it refuses to start, and says why
     */
    static SimulatedMember start(Parts parts, long id, double rate, MemoryDisk disk,
            MemoryBackend backend,
            GroupStart how, List<Member> members, SplittableRandom random) throws IOException {
        return new SimulatedMember(parts, id, rate, disk, backend, how, members, random);
    }

    private static WalConfig wal(Scenario scenario) {
        return new WalConfig(scenario.options().segmentBytes(), RECORD_BYTES_MAX, 1 << 15);
    }

    /** What the log on {@code disk} holds, which may change; empty if it is damaged or cannot be read. */
    static Optional<DurableLog> durable(Scenario scenario, long id, MemoryDisk disk) {
        return DurableLog.read(disk, DIRECTORY.resolve("wal"), wal(scenario),
                new WalIdentity(CLUSTER, id), GROUP);
    }

    private static GroupConfig group(Scenario scenario, GroupStart how, List<Member> members) {
        return GroupConfig.builder(GROUP, how, members).tick(scenario.options().tick())
                .electionTimeoutTicks(scenario.options().electionTicks())
                .snapshotCount(scenario.options().snapshotCount())
                .catchUpEntries(scenario.options().catchUpEntries())
                .preVote(scenario.options().preVote())
                .snapshotSender(scenario.options().snapshotSender())
                .readOnly(scenario.options().leaseReads() ? ReadOnlyMode.LEASE : ReadOnlyMode.SAFE)
                .proposalTimeout(Duration.ofSeconds(5))
                .limits(GroupLimits.DEFAULT
                        .withProposalBytesMax(RECORD_BYTES_MAX - HEADER_BYTES_MAX)
                        .withAppendBytesMax(scenario.options().appendBytesMax()))
                .build();
    }

    private void failed(Throwable thrown) {
        throw new Violation("nothing unexpected", "member " + id + " failed: " + thrown);
    }

    long id() {
        return id;
    }

    MemberLoops loops() {
        return loops;
    }

    RaftHost host() {
        return host;
    }

    RaftNode<ApplyResult> node() {
        return member.node();
    }

    LocalMember member() {
        return member;
    }

    /** Where requests of clients arrive. */
    EventLoop service() {
        return service;
    }

    MvccStore store() {
        return store;
    }

    WatchHub watches() {
        return watches;
    }

    EventLoop watchLoop() {
        return watchLoop;
    }

    LeaseKeeper leases() {
        return leases;
    }

    /** What follows from applied entries outside the store, as in the server. */
    private final class Effects implements ApplyObserver {
        @Override
        public void compacted(long revision) {
            loops.find("apply").ifPresent(apply -> step(apply, revision));
        }

        private void step(EventLoop apply, long revision) {
            apply.schedule(() -> {
                if (store.finishedCompactRevision() < revision && store.compactStep(COMPACT_ROWS)) {
                    step(apply, revision);
                }
            }, COMPACT_PAUSE.toNanos());
        }

        @Override
        public void leaseGranted(long lease, long ttlSeconds) {
            leases.granted(lease, ttlSeconds);
        }

        @Override
        public void leaseRevoked(long lease) {
            leases.revoked(lease);
        }
    }

    /** Lines for the trace, and what the server does when leaders change. */
    private final class Observer implements RaftObserver {
        private final Trace trace;
        private final Ends ends;

        Observer(Parts parts) {
            trace = parts.trace();
            ends = parts.ends();
        }

        @Override
        public void membershipChanged(ConfState confState, Optional<ConfChange> change) {
            trace.tell("member " + id + " has members " + confState);
            if (confState.isJoint()) {
                trace.marks().see(Marks.Point.JOINT);
                ends.joint(SimulatedMember.this);
            }
            if (change.stream().flatMap(one -> one.changes().stream()).anyMatch(
                    one -> one.type() == ConfChangeType.REMOVE_NODE && one.nodeId() == id)) {
                ends.removed(SimulatedMember.this);
            }
        }

        @Override
        public void removedBy(long peer) {
            trace.marks().see(Marks.Point.REMOVED_BY_A_PEER);
            ends.removed(SimulatedMember.this);
        }

        @Override
        public void restored(AppliedState at) {
            trace.marks().see(Marks.Point.SNAPSHOT_INSTALLED);
        }

        @Override
        public void snapshotTaken(AppliedState at) {
            trace.marks().see(Marks.Point.SNAPSHOT_TAKEN);
        }

        @Override
        public void diskFull(boolean full) {
            trace.marks().see(
                    full ? Marks.Point.DISK_FULL : Marks.Point.DISK_WITH_ROOM_AGAIN);
        }

        @Override
        public void diskSlow(Duration took) {
            trace.marks().see(Marks.Point.DISK_SLOW);
        }

        @Override
        public void leaderChanged(long leader, long term) {
            if (!node().status().votes()) {
                trace.marks().see(Marks.Point.STARTS_WITHOUT_ITS_VOTE);
            }
            trace.tell("member " + id + " follows " + leader + " in term " + term);
        }

        @Override
        public void roleChanged(RoleName role, long term) {
            trace.tell("member " + id + " is " + role + " in term " + term);
            leases.leadershipChanged();
            if (role == RoleName.LEADER) {
                ends.leads(SimulatedMember.this);
            }
        }

        @Override
        public void stopped(Optional<Throwable> failure) {
            trace.tell("member " + id + " stopped" + failure.map(why -> ": " + why).orElse(""));
            ends.stopped(SimulatedMember.this, failure);
        }
    }
}
