// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.Courier;
import io.jangada.network.LoopbackHub;
import io.jangada.raft.model.Message;
import io.jangada.wal.WalConfig;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Members on memory disks and a loopback hub, all in this thread and in virtual time. */
final class Cluster {
    static final Duration LONG = Duration.ofSeconds(30);
    private static final int RECORD_BYTES_MAX = 1 << 14;
    /** What fits into the log. */
    static final GroupLimits LIMITS = GroupLimits.DEFAULT
            .withProposalBytesMax(RECORD_BYTES_MAX - Envelope.HEADER_BYTES);

    /** One member, as long as it runs. */
    record Running(RaftHost host, RaftNode<Integer> node, Journal journal) {}

    final VirtualEventLoops loops = new VirtualEventLoops();
    final StalledForces stalls = new StalledForces(loops);
    /** Gets every message as it is sent. */
    Consumer<Message> overhears = message -> {};
    /** Which parcels are lost. */
    Predicate<Courier.Parcel> loses = parcel -> false;
    final LoopbackHub hub = new LoopbackHub((parcel, deliver, lose) -> {
        parcel.message().ifPresent(message -> overhears.accept(message));
        if (loses.test(parcel)) {
            lose.run();
        } else {
            Courier.PROMPT.carry(parcel, deliver, lose);
        }
    });
    final Map<Long, MemoryDisk> disks = new TreeMap<>();
    final Map<Long, Running> running = new TreeMap<>();
    private final Map<Long, KnownPeers> peers = new TreeMap<>();
    private final Map<Long, RaftMetrics> metrics = new TreeMap<>();
    private final SplittableRandom random = new SplittableRandom(42);
    private final EventLoop wires = loops.loop("wires", thrown -> {
        throw new AssertionError(thrown);
    });
    private final List<Member> members = new ArrayList<>();
    private final UnaryOperator<GroupConfig.Builder> options;

    Cluster(int size, UnaryOperator<GroupConfig.Builder> options) {
        this.options = options;
        for (long id = 1; id <= size; id++) {
            members.add(new Member(id, List.of()));
            disks.put(id, new MemoryDisk());
        }
    }

    static Cluster of(int size) throws IOException {
        return of(size, builder -> builder);
    }

    static Cluster of(int size, UnaryOperator<GroupConfig.Builder> options) throws IOException {
        Cluster cluster = new Cluster(size, options);
        for (long id = 1; id <= size; id++) {
            cluster.start(id, GroupStart.NEW);
        }
        return cluster;
    }

    Running start(long id, GroupStart how) throws IOException {
        MemoryDisk disk = disks.computeIfAbsent(id, ignored -> new MemoryDisk());
        stalls.watch(id, disk);
        peers.put(id, new KnownPeers(hub.join(id, wires)));
        RaftHost host = RaftHost.builder(7, id, Path.of("/member"))
                .disk(disk)
                .wal(new WalConfig(1 << 16, RECORD_BYTES_MAX, 1 << 15))
                .network(peers(id))
                .loops(stalls)
                .metrics(metrics.getOrDefault(id, RaftMetrics.NONE))
                .random(random.split())
                .open();
        Running member = startGroup(host, 1, how);
        running.put(id, member);
        return member;
    }

    /** Starts one more group on a member that runs. */
    Running startGroup(long id, long group, GroupStart how) throws IOException {
        return startGroup(running(id).host(), group, how);
    }

    private Running startGroup(RaftHost host, long group, GroupStart how) throws IOException {
        Journal journal = new Journal();
        List<Member> all = new ArrayList<>(members);
        if (all.stream().noneMatch(one -> one.id() == host.memberId())) {
            all.add(new Member(host.memberId(), List.of()));
        }
        RaftNode<Integer> node = host.start(
                options.apply(GroupConfig.builder(group, how, all).limits(LIMITS)).build(),
                journal);
        return new Running(host, node, journal);
    }

    /** Gives {@code told} to the member from its next start on. */
    <M extends RaftMetrics> M metrics(long id, M told) {
        metrics.put(id, told);
        return told;
    }

    /** The process dies and what it had not forced is lost. */
    void crash(long id) {
        Running member = running(id);
        running.remove(id);
        disk(id).crash();
        member.host().network().close();
        CompletableFuture<?> unusedEnd = member.node().stop();
        loops.runFor(Duration.ofMillis(1));
        disk(id).restart(Tear.LOSE_ALL);
    }

    /** Stops in order; returns how long that took. */
    Duration stop(long id) {
        long begun = loops.clock().nanos();
        result(running(id).host().closeAsync());
        running.remove(id);
        return Duration.ofNanos(loops.clock().nanos() - begun);
    }

    Running running(long id) {
        return Objects.requireNonNull(running.get(id), () -> "does not run: " + id);
    }

    KnownPeers peers(long id) {
        return Objects.requireNonNull(peers.get(id), () -> "never ran: " + id);
    }

    MemoryDisk disk(long id) {
        return Objects.requireNonNull(disks.get(id), () -> "no disk: " + id);
    }

    RaftNode<Integer> node(long id) {
        return running(id).node();
    }

    Journal journal(long id) {
        return running(id).journal();
    }

    long awaitLeader() {
        await(() -> leader() != 0, "a leader");
        return leader();
    }

    /** The member that leads in the highest term; 0 for none. */
    long leader() {
        long leader = 0;
        long term = 0;
        for (var one : running.entrySet()) {
            RaftStatus status = one.getValue().node().status();
            if (status.isLeader() && status.term() > term) {
                leader = one.getKey();
                term = status.term();
            }
        }
        return leader;
    }

    void await(BooleanSupplier reached, String what) {
        if (!loops.runUntil(reached, LONG)) {
            throw new AssertionError("not reached: " + what);
        }
    }

    <T> T result(CompletableFuture<T> future) {
        await(future::isDone, "a future's end");
        return future.join();
    }

    ProposalResult<Integer> propose(long id, String line) {
        return result(node(id).propose(Journal.line(line)));
    }
}
