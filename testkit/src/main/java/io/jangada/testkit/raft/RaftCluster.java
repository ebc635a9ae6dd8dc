// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit.raft;

import io.jangada.network.LoopbackHub;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupLimits;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.ProposalResult;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftNode;
import io.jangada.raftnode.RaftStatus;
import io.jangada.raftnode.StateMachine;
import io.jangada.raftnode.VirtualEventLoops;
import io.jangada.wal.WalConfig;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A group whose members run a state machine under test: real {@link RaftNode}s and logs, on disks in memory and a
 * network in memory, all in the caller's thread. A command has at most 256 KiB. Time is virtual and passes only within the calls below, so that
 * a test waits for nothing; the same seed and the same calls give the same run. For one thread.
 *
 * @param <R> what a command results in
 * @param <S> the state that tests look at
 */
public final class RaftCluster<R, S> implements AutoCloseable {
    private static final long CLUSTER = 1;
    private static final long GROUP = 1;
    private static final int MEMBERS_MAX = 7;
    /** The largest command: small segments are quickly made. */
    private static final int COMMAND_BYTES_MAX = 256 << 10;
    private static final GroupLimits LIMITS = GroupLimits.DEFAULT
            .withProposalBytesMax(COMMAND_BYTES_MAX);
    private static final WalConfig LOG = new WalConfig(1 << 20, 2 * COMMAND_BYTES_MAX,
            2 * COMMAND_BYTES_MAX);
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);
    private static final long DELAY_NANOS_MAX = Duration.ofMillis(1).toNanos();

    private final SplittableRandom random;
    private final VirtualEventLoops loops;
    private final LoopbackHub hub = new LoopbackHub();
    private final Map<Long, MemoryDisk> disks = new TreeMap<>();
    private final Map<Long, Running<R, S>> running = new TreeMap<>();
    private final List<Member> members;
    private final Supplier<S> states;
    private final Function<S, StateMachine<R>> machines;
    private final UnaryOperator<GroupConfig.Builder> options;

    private record Running<R, S>(RaftHost host, RaftNode<R> node, S state) {}

    private RaftCluster(int count, long seed, Supplier<S> states,
            Function<S, StateMachine<R>> machines, UnaryOperator<GroupConfig.Builder> options) {
        if (count < 1 || count > MEMBERS_MAX) {
            throw new IllegalArgumentException(
                    "members: " + count + ", not from 1 to " + MEMBERS_MAX);
        }
        this.random = new SplittableRandom(seed);
        SplittableRandom delays = random.split();
        this.loops = new VirtualEventLoops(() -> delays.nextLong(DELAY_NANOS_MAX));
        this.members = LongStream.rangeClosed(1, count)
                .mapToObj(id -> new Member(id, List.of())).toList();
        this.states = states;
        this.machines = machines;
        this.options = options;
    }

    /**
     * Starts members 1 to {@code count}, with the group's defaults.
     *
     * @param count 1 to 7
     * @param seed decides in which order concurrent things happen, and what a crash leaves of unforced writes
     * @param states makes an empty state, for each start of a member
     * @param machines makes the state machine of a state: {@code MemoryStateMachine::new} for a
     *     {@link io.jangada.raftnode.MemoryState}, {@code Function.identity()} where the state is the machine
     * @throws IllegalArgumentException if {@code count} is out of bounds
     */
    public static <R, S> RaftCluster<R, S> start(int count, long seed, Supplier<S> states,
            Function<S, StateMachine<R>> machines) {
        return start(count, seed, states, machines, UnaryOperator.identity());
    }

    /**
     * Starts members 1 to {@code count}, with {@code options} on top of the group's defaults.
     *
     * @throws IllegalArgumentException if {@code count} is out of bounds, or an option
     * @see #start(int, long, Supplier, Function)
     */
    public static <R, S> RaftCluster<R, S> start(int count, long seed, Supplier<S> states,
            Function<S, StateMachine<R>> machines, UnaryOperator<GroupConfig.Builder> options) {
        RaftCluster<R, S> cluster = new RaftCluster<>(count, seed, states, machines, options);
        for (Member member : cluster.members) {
            cluster.disks.put(member.id(), new MemoryDisk());
            cluster.launch(member.id(), GroupStart.NEW);
        }
        return cluster;
    }

    private void launch(long member, GroupStart how) {
        S state = states.get();
        try {
            RaftHost host = RaftHost.builder(CLUSTER, member, Path.of("/member")).disk(disk(member))
                    .wal(LOG).network(hub.join(member, loops.loop("wires-" + member, this::failed)))
                    .loops(loops).random(random.split()).open();
            RaftNode<R> node = host.start(
                    options.apply(GroupConfig.builder(GROUP, how, members).limits(LIMITS)).build(),
                    machines.apply(state));
            running.put(member, new Running<>(host, node, state));
        } catch (IOException refused) {
            throw new UncheckedIOException("member " + member + " does not start", refused);
        }
    }

    private void failed(Throwable thrown) {
        throw new IllegalStateException("failed in the cluster", thrown);
    }

    private MemoryDisk disk(long member) {
        MemoryDisk disk = disks.get(member);
        if (disk == null) {
            throw new IllegalArgumentException("no member: " + member);
        }
        return disk;
    }

    private void requireMember(long member) {
        if (!disks.containsKey(member)) {
            throw new IllegalArgumentException("no member: " + member);
        }
    }

    private Running<R, S> running(long member) {
        Running<R, S> one = running.get(member);
        if (one == null) {
            throw new IllegalArgumentException("does not run: member " + member);
        }
        return one;
    }

    /**
     * The node of a member that runs; futures of its calls end in {@link #await(CompletableFuture)}.
     *
     * @throws IllegalArgumentException if it does not run
     */
    public RaftNode<R> node(long member) {
        return running(member).node();
    }

    /**
     * The state of a member that runs, with what it has applied until now.
     *
     * @throws IllegalArgumentException if it does not run
     */
    public S state(long member) {
        return running(member).state();
    }

    /**
     * The member that leads a majority which it can talk to; lets time pass until there is one.
     *
     * @throws AssertionError if there is none within a minute of virtual time
     */
    public long leader() {
        if (!loops.runUntil(() -> followed().isPresent(), WAIT_MAX)) {
            throw new AssertionError("nobody leads a majority after " + WAIT_MAX
                    + " of virtual time; of " + members.size() + " members these run: "
                    + running.keySet());
        }
        return followed().orElseThrow();
    }

    private Optional<Long> followed() {
        return statuses().filter(RaftStatus::isLeader).filter(this::isFollowed)
                .map(RaftStatus::memberId).findFirst();
    }

    private Stream<RaftStatus> statuses() {
        return running.values().stream().map(one -> one.node().status());
    }

    private boolean isFollowed(RaftStatus leader) {
        long followers = statuses()
                .filter(one -> one.term() == leader.term() && one.leader() == leader.memberId())
                .filter(one -> areConnected(one.memberId(), leader.memberId())).count();
        return followers > members.size() / 2;
    }

    private boolean areConnected(long one, long other) {
        return one == other || (!hub.isCut(one, other) && !hub.isCut(other, one));
    }

    /**
     * Proposes at the member that leads, and lets time pass until the proposal has ended.
     *
     * @throws AssertionError if nobody leads within a minute of virtual time
     */
    public ProposalResult<R> propose(Bytes command) {
        return await(node(leader()).propose(command));
    }

    /**
     * The machine of {@code member} fails: the process is gone, and of what it had written and not forced, the
     * seed decides what is lost.
     *
     * @throws IllegalArgumentException if it does not run
     */
    public void crash(long member) {
        Running<R, S> gone = running(member);
        running.remove(member);
        disk(member).crash();
        gone.host().network().close();
        CompletableFuture<?> unused = gone.node().stop();
        runFor(Duration.ofMillis(2));
        disk(member).restart(Tear.random(random.split()));
    }

    /**
     * Starts a member that was crashed, from what its disk has.
     *
     * @throws IllegalArgumentException if it runs, or there is no such member
     */
    public void restart(long member) {
        if (running.containsKey(member)) {
            throw new IllegalArgumentException("runs already: member " + member);
        }
        launch(member, GroupStart.NEW);
    }

    /**
     * Cuts {@code member} off from all others, in both directions, until {@link #heal}.
     *
     * @throws IllegalArgumentException if there is no such member
     */
    public void isolate(long member) {
        requireMember(member);
        hub.isolate(member);
    }

    /**
     * Drops what {@code from} sends to {@code to}, until {@link #heal}.
     *
     * @throws IllegalArgumentException if there is no such member
     */
    public void cut(long from, long to) {
        requireMember(from);
        requireMember(to);
        hub.cut(from, to);
    }

    /** Restores all links. */
    public void heal() {
        hub.heal();
    }

    /** Lets {@code span} of virtual time pass. */
    public void runFor(Duration span) {
        loops.runFor(span);
    }

    /**
     * Lets time pass until {@code reached}.
     *
     * @throws AssertionError if that takes more than a minute of virtual time
     */
    public void await(BooleanSupplier reached) {
        if (!loops.runUntil(reached, WAIT_MAX)) {
            throw new AssertionError("not reached within " + WAIT_MAX + " of virtual time");
        }
    }

    /**
     * Lets time pass until {@code future} has ended, and returns what came of it.
     *
     * @throws AssertionError if that takes more than a minute of virtual time
     */
    public <T> T await(CompletableFuture<T> future) {
        await(future::isDone);
        return future.join();
    }

    /** Stops all members. Idempotent. */
    @Override
    public void close() {
        for (Running<R, S> one : running.values()) {
            await(one.host().closeAsync());
        }
        running.clear();
    }
}
