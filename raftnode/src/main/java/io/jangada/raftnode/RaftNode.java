// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static java.util.Objects.requireNonNull;

import io.jangada.network.SnapshotOffer;
import io.jangada.network.SnapshotSink;
import io.jangada.raft.BasicStatus;
import io.jangada.raft.DropReason;
import io.jangada.raft.DroppedRead;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadState;
import io.jangada.raft.Ready;
import io.jangada.raft.SoftState;
import io.jangada.raft.Status;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.node.Node;
import io.jangada.raft.node.NodeLimits;
import io.jangada.raft.node.Proposal;
import io.jangada.wal.WalRecovery;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
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

    private final GroupParts parts;
    private final Ticker ticker;
    private final long timeoutTicks;
    private final Node node;
    private final GroupLog log;
    private final Applier<R> applier;
    private final ReadRounds rounds;
    private final LocalReads reads;
    private final Transfers transfers = new Transfers();
    private final HandOver handOver;
    private final FirstElection firstElection;
    private final GroupPromises promises;
    private final SlowDisk slowDisk;
    private final Membership membership;
    private final PendingProposals<ProposalResult<R>> proposals;
    private final PendingProposals<MembershipResult> changes;
    private final Forwarded forwarded;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private RaftNode(GroupConfig config, HostParts host, StateMachine<R> machine,
            GroupRecovery.Recovered recovered, Snapshots snapshots, GroupPeers peers,
            BiPredicate<GroupPromises, Long> whole) {
        AppliedState applied = recovered.applied();
        Standing standing = new Standing(config.group(), host.memberId(),
                recovered.storage().initialState().hardState().term(), applied.confState());
        parts = new GroupParts(config, host, recovered.storage(), snapshots, peers, standing,
                new GuardedLoop(host.nodeLoop(), stopped::get, this::fail),
                new GuardedLoop(host.applyLoop(), stopped::get, this::fail), this::fail);
        ticker = new Ticker(host, parts.nodeLoop(), config.tick(), this::ticked);
        timeoutTicks = ticker.in(config.proposalTimeout().toNanos());
        int pendingMax = config.limits().pendingProposalsMax();
        proposals = new PendingProposals<>(host.random().nextLong(), pendingMax,
                new ProposalEndings<>(), standing::leader);
        changes = new PendingProposals<>(host.random().nextLong(), pendingMax,
                new ChangeEndings(), standing::leader);
        forwarded = new Forwarded(host.memberId(), proposals, changes);
        /* The core's front answers what waits in it even after the stop. */
        Executor core = new GuardedLoop(host.nodeLoop(), () -> false, this::fail);
        node = new Node(new RawNode(parts.coreConfig(applied.index(),
                new ChangeEndings.Refusals(host.memberId(), changes))), core, NodeLimits.DEFAULT,
                host.loops().clock()::nanos, this::handle);
        EntryId atStart = new EntryId(
                recovered.storage().initialState().hardState().term(),
                recovered.storage().lastIndex());
        promises = new GroupPromises(parts, new Suffrage(config, host.memberId(), atStart, standing,
                node::step, host.losses()), new Rejoin(parts, node, this::changeMembership));
        applier = new Applier<>(machine, parts.applyLoop(), config.limits(), applied.index(),
                new ApplyAnswers<>(parts, promises, node, proposals, changes));
        log = new GroupLog(parts, node, applier);
        rounds = new ReadRounds(node, parts.nodeLoop(), applier::await, host.random().nextLong(),
                config.limits().pendingReadsMax(), ticker.in(READ_RETRY_NANOS));
        reads = new LocalReads(parts, rounds, applier, ticker, stopped::get);
        handOver = new HandOver(parts, node);
        slowDisk = new SlowDisk(host.writer()::forcingNanos, standing::diskSlow);
        firstElection = new FirstElection(config, host.memberId(), host.network()::isConnected,
                FirstElection.Core.of(node));
        membership = new Membership(parts, node, ticker,
                peer -> host.network().isConnected(peer)
                        && whole.test(promises, peer),
                this::changeMembership,
                this::transferLeadership, stopped::get);
        peers.start(applied.confState());
        snapshots.countFrom(applied.index());
        snapshots.attach(log);
    }

    /**
     * Recovers and starts a group. Blocks while it reads the disk.
     *
     * @param whole whether what a peer confirms counts: see {@link Introductions#isWhole}
     */
    static <R> RaftNode<R> start(GroupConfig config, StateMachine<R> machine, HostParts host,
            Optional<WalRecovery.Group> found, GroupRecovery.LogWriter marks,
            BiPredicate<GroupPromises, Long> whole) throws IOException {
        GroupPeers peers = new GroupPeers(config, host);
        Snapshots snapshots = new Snapshots(config, host, peers);
        GroupRecovery.Recovered recovered = new GroupRecovery(config, machine, host,
                marks).recover(found, snapshots);
        RaftNode<R> started = new RaftNode<>(config, host, machine, recovered, snapshots,
                peers, whole);
        LOGGER.log(Level.INFO, "group started group={0} member={1} applied={2} last={3}",
                config.group(), Long.toHexString(host.memberId()), recovered.applied().last(),
                recovered.storage().lastIndex());
        started.parts.nodeLoop().execute(started::begin);
        return started;
    }

    // What an embedder calls.

    /**
     * Says whether the state machine waits for room on its disk. As long as it does, proposals are refused with {@link
     * DropReason#DISK_FULL}, as when the log has no room, and {@linkplain RaftObserver#diskFull observers} hear of it; what is
     * committed stays in the log. Any thread.
     *
     * @param full whether it waits; it does not at first
     */
    public void stateFull(boolean full) {
        parts.nodeLoop().execute(() -> parts.standing().stateFull(full));
    }

    /**
     * Puts {@code command} into the log and applies it. Completed by the apply loop.
     *
     * @throws IllegalArgumentException if it is larger than {@link GroupLimits#proposalBytesMax}
     */
    public CompletableFuture<ProposalResult<R>> propose(Bytes command) {
        if (command.size() > parts.config().limits().proposalBytesMax()) {
            throw new IllegalArgumentException("the command has " + command.size()
                    + " bytes, more than " + parts.config().limits().proposalBytesMax());
        }
        CompletableFuture<ProposalResult<R>> future = new CompletableFuture<>();
        parts.host().instruments().proposed(parts.config().group(), future);
        long sequence = proposals.nextSequence();
        if (parts.standing().isDiskFull()) {
            future.complete(new ProposalResult.Refused<>(DropReason.DISK_FULL, true,
                    parts.standing().leader()));
            return future;
        }
        Proposal proposal = proposals.command(
                Envelope.seal(parts.memberId(), sequence, command), sequence, future,
                ticker.now() + timeoutTicks);
        if (proposal == null) {
            future.complete(new ProposalResult.Refused<>(DropReason.OVERLOADED, true,
                    parts.standing().leader()));
            return future;
        }
        node.propose(proposal);
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
        return reads.read(Consistency.LINEARIZABLE);
    }

    /**
     * Waits until the state machine here is as new as {@code how} says, for those who read from it by
     * themselves. Completed by the apply loop.
     */
    public CompletableFuture<ReadResult> read(Consistency how) {
        return reads.read(how);
    }

    /**
     * Runs {@code query} on the apply loop, once the state machine here is as new as {@code how} says: no
     * command is applied meanwhile, so that it may look at the machine without a lock, and it should be
     * short. Completed by the apply loop; exceptionally only with what {@code query} throws.
     */
    public <T extends @Nullable Object> CompletableFuture<QueryResult<T>> read(Consistency how,
            Supplier<? extends T> query) {
        return reads.read(how, query);
    }

    /**
     * Makes one change of membership, without the caution of {@link #membership}: it may lose the
     * quorum. The network must know the way to a new member: see
     * {@link RaftObserver#membershipChanged}. Completed by the apply loop.
     */
    public CompletableFuture<MembershipResult> changeMembership(ConfChange change) {
        CompletableFuture<MembershipResult> future = new CompletableFuture<>();
        long sequence = changes.nextSequence();
        Proposal proposal = changes.change(
                ConfChangeEntries.seal(change, parts.memberId(), sequence), sequence, future,
                ticker.now() + timeoutTicks);
        if (proposal == null) {
            future.complete(
                    new MembershipResult.Refused(DropReason.OVERLOADED, parts.standing().leader()));
            return future;
        }
        node.propose(proposal);
        if (stopped.get()) {
            changes.stop();
        }
        return future;
    }

    /** Changes of membership in one call each, with the waiting and the caution around them. */
    public Membership membership() {
        return membership;
    }

    /** Hands leadership to {@code to}; asked of a follower, it is sent on to the leader. */
    public CompletableFuture<TransferResult> transferLeadership(long to) {
        CompletableFuture<TransferResult> future = new CompletableFuture<>();
        parts.nodeLoop().execute(() -> {
            transfers.begin(node, to, ticker.now() + 2L * parts.config().electionTimeoutTicks(),
                    future);
            transfers.leaderChanged(parts.standing().leader());
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
        return new RaftStatus(parts.memberId(), basic.softState().leader(),
                basic.hardState().term(), basic.softState().role(), basic.hardState().commit(),
                applier.index(), basic.last(), log.firstIndex(), parts.standing().confState(),
                proposals.count(), reads.count(), promises.suffrage().votes(), stopped.get());
    }

    /** What the core knows, in full: a leader's view of each member's progress. */
    public CompletableFuture<Status> coreStatus() {
        return node.fullStatus();
    }

    /**
     * Tells {@code observer} of everything from now on; the present leader is told at once, if there is one.
     * A caller's null is refused here: on the loop it would stop the group.
     */
    public void addObserver(RaftObserver observer) {
        requireNonNull(observer, "observer");
        parts.nodeLoop().execute(() -> parts.standing().add(observer));
    }

    /** Stops the group on this member: what is open is answered as unknown or refused. The data stays. */
    public CompletableFuture<Void> stop() {
        end(Optional.empty());
        return ended;
    }

    // The node loop.

    private void begin() {
        parts.standing().add(parts.host().instruments().observer(parts.config().group()));
        promises.suffrage().begin();
        ticker.start();
        node.start();
        lookForFirstElection(0);
    }

    private void ticked(long now) {
        long leader = parts.standing().leader();
        node.tick();
        lookForFirstElection(now);
        rounds.tick(now, leader);
        reads.tick(now);
        transfers.tick(now, leader);
        handOver.look();
        slowDisk.look();
        parts.snapshots().delegated().tick();
        membership.look();
        proposals.expire(now);
        changes.expire(now);
    }

    private void lookForFirstElection(long now) {
        if (promises.suffrage().votes()) {
            firstElection.look(now, parts.standing().leader(), parts.standing().confState());
        }
    }

    private void handle(Ready ready) {
        if (!ready.hardState().isEmpty()) {
            parts.standing().term(ready.hardState().term());
        }
        ready.messages().forEach(parts::send);
        ready.storageAppend().ifPresent(log::submit);
        ready.storageApply().ifPresent(applier::submit);
        ready.softState().ifPresent(this::observe);
        for (DroppedRead read : ready.droppedReads()) {
            rounds.dropped(read.context());
        }
        for (ReadState read : ready.readStates()) {
            rounds.confirmed(read);
        }
    }

    private void observe(SoftState state) {
        if (state.leader() != parts.standing().leader()) {
            transfers.leaderChanged(state.leader());
            promises.rejoin().leaderChanged();
            parts.snapshots().delegated().leaderChanged();
            if (state.leader() != 0) {
                rounds.leaderKnown();
            }
            parts.standing().leader(state.leader());
            handOver.look();
        }
        parts.standing().role(state.role());
    }

    // Called by the host.

    /** What this member, and its peers, have promised; any thread. */
    GroupPromises promises() {
        return promises;
    }

    /** Where the present members are; any thread. */
    List<Member> roster() {
        return parts.peers().roster();
    }

    /** {@code peer} says that this member was removed; any thread. */
    void removedBy(long peer) {
        parts.nodeLoop().execute(() -> {
            membership.removed();
            parts.standing().tell(one -> one.removedBy(peer));
        });
    }

    /** A message from a peer; any thread. */
    boolean receive(Message message) {
        // A snapshot comes with its file, by the sink, or it is no use.
        return !(message instanceof Message.InstallSnapshot) && node.step(message);
    }

    /** Nothing reaches {@code peer}; any thread. */
    void unreachable(long peer) {
        node.step(new LocalEvent.Unreachable(peer));
    }

    /** {@code message} certainly did not leave; any thread. */
    void dropped(Message message) {
        if (message instanceof Message.Propose lost) {
            parts.nodeLoop().execute(() -> forwarded.refuse(lost));
        }
    }

    /** A note about snapshots from {@code from}; any thread. */
    void heard(long from, SnapshotNote note) {
        parts.nodeLoop().execute(() -> parts.snapshots().delegated().heard(from, note));
    }

    /** Where a snapshot goes that {@code from} wants to send, in its own name or, as a member, in the leader's; may block. */
    Optional<SnapshotSink> openSnapshot(long from, SnapshotOffer offer) throws IOException {
        Message.InstallSnapshot header = offer.header();
        boolean maySend = header.from() == from || promises.members().contains(from);
        if (stopped.get() || header.to() != parts.memberId() || !maySend) {
            return Optional.empty();
        }
        if (header.snapshot().index() <= applier.index()) {
            node.step(header); // The core says how far this log is; without that it comes again.
            return Optional.empty();
        }
        return Optional.of(parts.snapshots().receive(offer));
    }

    /** Hands leadership over, where it is here and another can have it: before a stop. */
    CompletableFuture<Void> handOver() {
        parts.nodeLoop().execute(handOver::begin);
        CompletableFuture<?> unusedEnd = ended.thenRun(handOver::end);
        return handOver.over();
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
                "group stopped group=" + parts.config().group() + ", its data is intact", cause));
        /* Not by the guarded loop, which does nothing from now on. First the core's front refuses what
         * it still holds; whatever is open after that is unknown. */
        parts.host().nodeLoop().execute(() -> {
            node.stop();
            parts.host().nodeLoop().execute(() -> answerAll(failure));
        });
    }

    private void answerAll(Optional<Throwable> failure) {
        proposals.stop();
        changes.stop();
        rounds.stop();
        reads.stop();
        transfers.stop();
        membership.stop();
        ended.complete(null);
        parts.standing().stopped(failure);
    }
}
