// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.SnapshotSink;
import io.jangada.raft.BasicStatus;
import io.jangada.raft.ConfChangeRefusal;
import io.jangada.raft.DropReason;
import io.jangada.raft.DroppedRead;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RaftTracer;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadState;
import io.jangada.raft.Ready;
import io.jangada.raft.RoleName;
import io.jangada.raft.SoftState;
import io.jangada.raft.Status;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.StorageApply;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.node.Node;
import io.jangada.raft.node.NodeLimits;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import io.jangada.raft.storage.UnavailableException;
import io.jangada.raft.tracker.TrackerConfig;
import io.jangada.wal.SnapshotFile;
import io.jangada.wal.SnapshotMark;
import io.jangada.wal.WalRecovery;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One group on this member: what an embedder proposes to and reads through. Made by
 * {@link RaftHost#start}. Every public method may be called from any thread and none blocks; every
 * future is completed, at the latest some ticks after the proposal timeout. Futures are completed by the
 * loops: what is chained to them must not block, or has to go to another executor.
 *
 * <p>The order of effects, for each Ready of the core: messages leave at once (a leader sends while its
 * own disk writes: Raft thesis 10.2.1); the log writer gets what has to be durable, and what may be said
 * only then comes back with it to the node loop; the apply loop gets what is committed. Whatever this
 * class does without a word about threads, it does on the node loop.
 *
 * @param <R> what the state machine answers to a command
 */
public final class RaftNode<R> {
    private static final Logger LOGGER = System.getLogger(RaftNode.class.getName());
    private static final long READ_RETRY_NANOS = Duration.ofMillis(500).toNanos();

    private final GroupConfig config;
    private final HostParts host;
    private final StateMachine<R> machine;
    private final Executor nodeLoop;
    private final Executor applyLoop;
    private final MemoryStorage storage;
    private final Node node;
    private final Snapshots snapshots;
    private final Applier<R> applier;
    private final ReadRounds reads;
    private final Transfers transfers = new Transfers();
    private final FirstElection firstElection;
    private final PendingProposals<ProposalResult<R>> proposals;
    private final PendingProposals<MembershipResult> changes;
    private final CopyOnWriteArrayList<RaftObserver> observers = new CopyOnWriteArrayList<>();
    private final WalClient walClient = new LogWriterAnswers();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ArrayDeque<StorageAppend> durable = new ArrayDeque<>();
    private final long tickNanos;
    private final long timeoutTicks;
    private boolean restoring;
    private long term;
    private long nextTickNanos;
    private RoleName role = RoleName.FOLLOWER;
    private long lastSnapshotIndex;
    /* Written by the node loop, read by any thread. */
    private volatile long ticks;
    private volatile long leader;
    private volatile boolean diskFull;
    private volatile ConfState confState;
    private volatile long firstIndex;

    private RaftNode(GroupConfig config, HostParts host, StateMachine<R> machine,
            GroupRecovery.Recovered recovered, Snapshots snapshots) {
        this.config = config;
        this.host = host;
        this.machine = machine;
        this.snapshots = snapshots;
        nodeLoop = new GuardedLoop(host.nodeLoop(), stopped::get, this::fail);
        applyLoop = new GuardedLoop(host.applyLoop(), stopped::get, this::fail);
        storage = recovered.storage();
        confState = recovered.applied().confState();
        lastSnapshotIndex = recovered.applied().index();
        term = storage.initialState().hardState().term();
        tickNanos = config.tick().toNanos();
        timeoutTicks = ticksIn(config.proposalTimeout().toNanos());
        proposals = new PendingProposals<>(host.random().nextLong(),
                config.limits().pendingProposalsMax(), new ProposalEndings<>(), () -> leader);
        changes = new PendingProposals<>(host.random().nextLong(),
                config.limits().pendingProposalsMax(), new ChangeEndings(), () -> leader);
        applier = new Applier<>(machine, applyLoop, config.limits(), lastSnapshotIndex,
                new ApplyAnswers());
        /* The core's front answers what waits in it even after the stop. */
        Executor core = new GuardedLoop(host.nodeLoop(), () -> false, this::fail);
        node = new Node(new RawNode(core()), core, NodeLimits.DEFAULT, this::handle);
        reads = new ReadRounds(node, nodeLoop, applier::await, host.random().nextLong(),
                config.limits().pendingReadsMax(), ticksIn(READ_RETRY_NANOS));
        firstElection = new FirstElection(config, host.memberId(), this::isConnected,
                new Impatience());
        moveFirstIndex();
    }

    /** Recovers and starts a group. Blocks while it reads the disk. */
    static <R> RaftNode<R> start(GroupConfig config, StateMachine<R> machine, HostParts host,
            Optional<WalRecovery.Group> found, GroupRecovery.MarkWriter marks)
            throws IOException {
        Attachment<R> attachment = new Attachment<>();
        Snapshots snapshots = new Snapshots(config.group(), host.snapshots(),
                host.loops().background(), host.network(), attachment);
        GroupRecovery.Recovered recovered = new GroupRecovery(config, machine, host.snapshots(),
                marks).recover(found, snapshots);
        RaftNode<R> started = new RaftNode<>(config, host, machine, recovered, snapshots);
        attachment.node = started;
        LOGGER.log(Level.INFO, "group started group={0} member={1} applied={2} last={3}",
                config.group(), Long.toHexString(host.memberId()), recovered.applied().last(),
                recovered.storage().lastIndex());
        started.nodeLoop.execute(started::begin);
        return started;
    }

    private RaftConfig core() {
        return RaftConfig.builder(host.memberId(), storage,
                new SplittableRandom(host.random().nextLong()))
                .electionTimeoutTicks(config.electionTimeoutTicks())
                .heartbeatTicks(config.heartbeatTicks())
                .appliedIndex(lastSnapshotIndex)
                .asyncStorageWrites(true)
                .preVote(config.preVote())
                .tracer(new Traces())
                .build();
    }

    private long ticksIn(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, tickNanos));
    }

    // What an embedder calls.

    /**
     * Puts {@code command} into the log and applies it. Completed by the apply loop.
     *
     * @throws IllegalArgumentException if it is larger than {@link GroupLimits#proposalBytesMax}
     */
    public CompletableFuture<ProposalResult<R>> propose(Bytes command) {
        if (command.size() > config.limits().proposalBytesMax()) {
            throw new IllegalArgumentException("the command has " + command.size()
                    + " bytes, more than " + config.limits().proposalBytesMax());
        }
        CompletableFuture<ProposalResult<R>> future = new CompletableFuture<>();
        long sequence = proposals.nextSequence();
        if (diskFull || !proposals.add(sequence, future, ticks + timeoutTicks)) {
            future.complete(new ProposalResult.Refused<>(DropReason.OVERLOADED, true, leader));
            return future;
        }
        node.propose(new Envelope(host.memberId(), sequence, command).seal(),
                () -> proposals.waits(sequence),
                outcome -> proposals.proposed(sequence, outcome));
        if (stopped.get()) {
            proposals.stop();
        }
        return future;
    }

    /**
     * Waits until the state machine here has all that was committed when this was called, so that what
     * is then read from it is linearizable (Raft thesis 6.4). Reads that wait share one round of the
     * leader's heartbeats. Completed by the apply loop.
     */
    public CompletableFuture<ReadResult> readIndex() {
        if (stopped.get()) {
            return CompletableFuture
                    .completedFuture(new ReadResult.Refused(DropReason.STOPPED, 0));
        }
        CompletableFuture<ReadResult> future = reads.read(ticks + timeoutTicks, leader);
        if (stopped.get()) {
            future.complete(new ReadResult.Refused(DropReason.STOPPED, 0));
        }
        return future;
    }

    /**
     * Changes the membership. The network must know the way to a new member: see
     * {@link RaftObserver#membershipChanged}. Completed by the apply loop.
     */
    public CompletableFuture<MembershipResult> changeMembership(ConfChange change) {
        CompletableFuture<MembershipResult> future = new CompletableFuture<>();
        long sequence = changes.nextSequence();
        if (diskFull || !changes.add(sequence, future, ticks + timeoutTicks)) {
            future.complete(new MembershipResult.Refused(DropReason.OVERLOADED, leader));
            return future;
        }
        node.proposeConfChange(ConfChangeEntries.seal(change, host.memberId(), sequence),
                () -> changes.waits(sequence),
                outcome -> changes.proposed(sequence, outcome));
        if (stopped.get()) {
            changes.stop();
        }
        return future;
    }

    /** Hands leadership to {@code to}; asked of a follower, it is sent on to the leader. */
    public CompletableFuture<TransferResult> transferLeadership(long to) {
        CompletableFuture<TransferResult> future = new CompletableFuture<>();
        nodeLoop.execute(() -> {
            transfers.begin(node, to, ticks + 2L * config.electionTimeoutTicks(), future);
            transfers.leaderChanged(leader);
        });
        if (stopped.get()) {
            future.complete(new TransferResult.Refused(DropReason.STOPPED, 0));
        }
        CompletableFuture<?> unusedEnd = ended.thenRun(() -> future.complete(
                new TransferResult.Refused(DropReason.STOPPED, 0)));
        return future;
    }

    /** How it stands; cheap. */
    public RaftStatus status() {
        BasicStatus basic = node.status();
        return new RaftStatus(host.memberId(), basic.softState().leader(),
                basic.hardState().term(), basic.softState().role(), basic.hardState().commit(),
                applier.index(), basic.last(), firstIndex, confState, proposals.count(),
                reads.count(), stopped.get());
    }

    /** What the core knows, in full: a leader's view of each member's progress. */
    public CompletableFuture<Status> coreStatus() {
        return node.fullStatus();
    }

    /** Tells {@code observer} of everything from now on; the present leader is told at once, if there is one. */
    public void addObserver(RaftObserver observer) {
        nodeLoop.execute(() -> {
            observers.add(observer);
            if (leader != 0) {
                observer.leaderChanged(leader, term);
            }
            observer.roleChanged(role, term);
        });
    }

    /** Stops the group on this member: what is open is answered as unknown or refused. The data stays. */
    public CompletableFuture<Void> stop() {
        end(Optional.empty());
        return ended;
    }

    // The node loop.

    private void begin() {
        nextTickNanos = host.loops().clock().nanos() + tickNanos;
        host.nodeLoop().schedule(() -> nodeLoop.execute(this::tick), tickNanos);
        node.start();
        firstElection.look(0, leader, confState);
    }

    private boolean isConnected(long peer) {
        return host.network().stats().stream()
                .anyMatch(one -> one.id() == peer && one.isConnected());
    }

    private void tick() {
        node.tick();
        long now = ticks + 1;
        ticks = now;
        firstElection.look(now, leader, confState);
        reads.tick(now, leader);
        transfers.tick(now, leader);
        proposals.expire(now);
        changes.expire(now);
        /* After a pause (a stopped process, a suspended machine) time goes on from now: a burst of the
         * missed ticks would make this member campaign before it could hear from its leader. */
        long nowNanos = host.loops().clock().nanos();
        nextTickNanos = Math.max(nextTickNanos + tickNanos, nowNanos);
        host.nodeLoop().schedule(() -> nodeLoop.execute(this::tick), nextTickNanos - nowNanos);
    }

    private void handle(Ready ready) {
        if (!ready.hardState().isEmpty()) {
            term = ready.hardState().term();
        }
        ready.messages().forEach(this::send);
        ready.storageAppend().ifPresent(append -> host.writer().submit(walClient, append));
        ready.storageApply().ifPresent(applier::submit);
        ready.softState().ifPresent(this::observe);
        for (DroppedRead read : ready.droppedReads()) {
            reads.dropped(read.context());
        }
        for (ReadState read : ready.readStates()) {
            reads.confirmed(read);
        }
    }

    private void send(Message message) {
        if (message instanceof Message.InstallSnapshot install) {
            snapshots.send(install);
        } else {
            host.network().send(config.group(), message);
        }
    }

    private void observe(SoftState state) {
        if (state.leader() != leader) {
            leader = state.leader();
            transfers.leaderChanged(leader);
            if (leader != 0) {
                reads.leaderKnown();
            }
            LOGGER.log(Level.INFO, "leader changed group={0} member={1} leader={2} term={3}",
                    config.group(), Long.toHexString(host.memberId()),
                    Long.toHexString(leader), term);
            observers.forEach(one -> one.leaderChanged(leader, term));
        }
        if (state.role() != role) {
            role = state.role();
            observers.forEach(one -> one.roleChanged(role, term));
        }
    }

    /* What became durable is told to the core in the order in which it was handed out. A snapshot is not
     * done before the state machine has it, and what came after it waits. */
    private void tellDurable() {
        while (!restoring && !durable.isEmpty()) {
            StorageAppend append = durable.remove();
            if (append.snapshot().isEmpty()) {
                finish(append);
            } else {
                restore(append);
            }
        }
    }

    private void restore(StorageAppend append) {
        SnapshotFile file = snapshots.take(append.snapshot().id());
        if (file == null) {
            throw new IllegalStateException(
                    "no file for the snapshot " + append.snapshot().id());
        }
        restoring = true;
        applier.restore(file, () -> nodeLoop.execute(() -> {
            restoring = false;
            confState = append.snapshot().confState();
            lastSnapshotIndex = append.snapshot().index();
            finish(append);
            tellDurable();
        }));
    }

    private void finish(StorageAppend append) {
        if (!append.snapshot().isEmpty()) {
            try {
                storage.applySnapshot(append.snapshot());
            } catch (SnapshotOutOfDateException e) {
                throw new IllegalStateException("the core took an old snapshot", e);
            }
            moveFirstIndex();
        }
        if (!append.hardState().isEmpty()) {
            storage.setHardState(append.hardState());
        }
        storage.append(append.entries());
        for (Message response : append.responses()) {
            if (response.to() == host.memberId()) {
                node.step(response); // Own messages are never dropped.
            } else {
                send(response);
            }
        }
        append.done().ifPresent(node::step);
    }

    private void maybeSnapshot(long applied) {
        if (applied - lastSnapshotIndex >= config.snapshotCount()) {
            lastSnapshotIndex = applied;
            snapshots.takeLocal();
        }
    }

    private void compact(AppliedState at) {
        long to = Math.min(at.index(), node.status().applied()) - config.catchUpEntries();
        if (to < storage.firstIndex()) {
            return;
        }
        try {
            EntryId last = new EntryId(storage.term(to), to);
            storage.compact(to);
            host.writer().mark(walClient, new SnapshotMark(last, at.confState()));
        } catch (CompactedException | UnavailableException e) {
            throw new IllegalStateException("what is applied is in the log: " + to, e);
        }
        moveFirstIndex();
        LOGGER.log(Level.DEBUG, "log cut group={0} first={1}", config.group(), firstIndex);
    }

    private void moveFirstIndex() {
        firstIndex = storage.firstIndex();
        snapshots.firstIndex(firstIndex);
    }

    // Called by the host.

    /** A message from a peer; any thread. */
    boolean receive(Message message) {
        // A snapshot comes with its file, by the sink, or it is no use.
        return !(message instanceof Message.InstallSnapshot) && node.step(message);
    }

    /** Nothing reaches {@code peer}; any thread. */
    void unreachable(long peer) {
        node.step(new LocalEvent.Unreachable(peer));
    }

    /** Where a snapshot goes that a peer wants to send; may block. */
    Optional<SnapshotSink> openSnapshot(Message.InstallSnapshot header) throws IOException {
        if (stopped.get() || header.to() != host.memberId()
                || header.snapshot().index() <= applier.index()) {
            return Optional.empty();
        }
        return Optional.of(snapshots.receive(header));
    }

    /** Stops for good; any thread. */
    void fail(Throwable failure) {
        end(Optional.of(failure));
    }

    private void end(Optional<Throwable> failure) {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        failure.ifPresent(cause -> LOGGER.log(Level.ERROR,
                "group stopped group=" + config.group() + ", its data is intact", cause));
        /* Not by the guarded loop, which does nothing from now on. First the core's front refuses what
         * it still holds; whatever is open after that is unknown. */
        host.nodeLoop().execute(() -> {
            node.stop();
            host.nodeLoop().execute(() -> answerAll(failure));
        });
    }

    private void answerAll(Optional<Throwable> failure) {
        proposals.stop();
        changes.stop();
        reads.stop();
        transfers.stop();
        ended.complete(null);
        observers.forEach(one -> one.stopped(failure));
    }

    // What the others answer.

    /** The log writer's answers; called by the WAL loop. */
    private final class LogWriterAnswers implements WalClient {
        @Override
        public long group() {
            return config.group();
        }

        @Override
        public void written(List<StorageAppend> appends) {
            nodeLoop.execute(() -> {
                durable.addAll(appends);
                tellDurable();
            });
        }

        @Override
        public void diskFull(boolean full) {
            nodeLoop.execute(() -> {
                diskFull = full;
                observers.forEach(one -> one.diskFull(full));
            });
        }

        @Override
        public void failed(Exception failure) {
            fail(failure);
        }
    }

    /** The apply loop's answers. */
    private final class ApplyAnswers implements Applier.Listener<R> {
        @Override
        public void applied(Envelope envelope, EntryId id, R result) {
            if (envelope.proposer() == host.memberId()) {
                proposals.end(envelope.sequence(), new ProposalResult.Applied<>(id, result));
            }
        }

        @Override
        public void putIntoForce(EntryId id, ConfChange change, Applier.ConfChangeDone inForce) {
            CompletableFuture<?> unusedEnd = node.applyConfChange(change)
                    .whenComplete((result, failure) -> {
                        if (failure == null) {
                            confState = result;
                            applyLoop.execute(() -> inForce.inForce(result));
                        } else {
                            fail(failure);
                        }
                    });
        }

        @Override
        public void membershipApplied(EntryId id, ConfChange change, ConfState result) {
            ConfChangeEntries.envelope(change)
                    .filter(envelope -> envelope.proposer() == host.memberId())
                    .ifPresent(envelope -> changes.end(envelope.sequence(),
                            new MembershipResult.Changed(id, result)));
            ConfChange plain = ConfChangeEntries.plain(change);
            observers.forEach(one -> one.membershipChanged(result, Optional.of(plain)));
        }

        @Override
        public void done(List<StorageApply> applies, long index) {
            nodeLoop.execute(() -> {
                applies.forEach(apply -> node.step(apply.done()));
                maybeSnapshot(index);
            });
        }

        @Override
        public void restored(AppliedState at) {
            observers.forEach(one -> one.restored(at));
            observers.forEach(one -> one.membershipChanged(at.confState(), Optional.empty()));
        }
    }

    /** What snapshots need; they are made before the node is. */
    private static final class Attachment<R> implements Snapshots.Group {
        /** Written once, before any loop has a task of the group. */
        private volatile @Nullable RaftNode<R> node;

        private RaftNode<R> node() {
            return Objects.requireNonNull(node);
        }

        @Override
        public void takeState(Consumer<StateSnapshot> then) {
            node().applyLoop.execute(() -> then.accept(node().machine.snapshot()));
        }

        @Override
        public void onNodeLoop(Runnable task) {
            node().nodeLoop.execute(task);
        }

        @Override
        public void durable(AppliedState at) {
            node().compact(at);
            node().observers.forEach(one -> one.snapshotTaken(at));
        }

        @Override
        public void reportSnapshot(long peer, boolean delivered) {
            node().node.step(new LocalEvent.SnapshotReport(peer, delivered));
        }

        @Override
        public void received(Message.InstallSnapshot header) {
            node().node.step(header);
        }

        @Override
        public void failed(Exception failure) {
            node().fail(failure);
        }
    }

    /** What the wait for the first leader may ask of the core. */
    private final class Impatience implements FirstElection.Core {
        @Override
        public void campaign() {
            node.step(new LocalEvent.Campaign());
        }

        @Override
        public void tick() {
            node.tick();
        }
    }

    /** What the core says while it works. */
    private final class Traces implements RaftTracer {
        @Override
        public void confChangeRefused(ConfChange change, TrackerConfig inForce,
                ConfChangeRefusal refusal) {
            ConfChangeEntries.envelope(change)
                    .filter(envelope -> envelope.proposer() == host.memberId())
                    .ifPresent(envelope -> changes.end(envelope.sequence(),
                            new MembershipResult.Invalid(explain(refusal))));
        }

        private static String explain(ConfChangeRefusal refusal) {
            return switch (refusal) {
                case ConfChangeRefusal.Pending(long index, long applied) ->
                    "a change may be in the log up to index " + index + ", applied is " + applied;
                case ConfChangeRefusal.MustLeaveJoint() ->
                    "the joint configuration has to be left first";
                case ConfChangeRefusal.NotJoint() -> "there is no joint configuration to leave";
            };
        }
    }

    private record ProposalEndings<R>() implements PendingProposals.Endings<ProposalResult<R>> {
        @Override
        public ProposalResult<R> refused(DropReason reason, long leader) {
            boolean retry = switch (reason) {
                case NO_LEADER, TRANSFER_IN_PROGRESS, UNCOMMITTED_LIMIT, OVERLOADED,
                        LEADER_CHANGED ->
                    true;
                case NOT_A_MEMBER, FORWARDING_DISABLED, BAD_TRANSFER_TARGET, MALFORMED, STOPPED ->
                    false;
            };
            return new ProposalResult.Refused<>(reason, retry, leader);
        }

        @Override
        public ProposalResult<R> unknown(UnknownCause cause, long leader) {
            return new ProposalResult.Unknown<>(cause, leader);
        }
    }

    private record ChangeEndings() implements PendingProposals.Endings<MembershipResult> {
        @Override
        public MembershipResult refused(DropReason reason, long leader) {
            return new MembershipResult.Refused(reason, leader);
        }

        @Override
        public MembershipResult unknown(UnknownCause cause, long leader) {
            return new MembershipResult.Unknown(cause);
        }
    }
}
