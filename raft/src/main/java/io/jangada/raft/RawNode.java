// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.tracker.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The single-threaded front of the core (etcd raft: RawNode): feed it ticks, messages, events and
 * proposals; while {@link #hasReady}, take a {@link Ready}, do what it says, and, in synchronous mode,
 * {@link #advance}.
 *
 * <p>Owned by one thread. What peers send never throws; an {@link InvariantViolation} means that this
 * member has to stop.
 */
public final class RawNode {
    private final Raft raft;
    private final boolean async;
    private SoftState previousSoft;
    private HardState previousHard;
    private final List<Message> selfOnAdvance = new ArrayList<>();
    private LocalEvent.@Nullable StorageAppended appendedOnAdvance;
    private LocalEvent.@Nullable StorageApplied appliedOnAdvance;
    private boolean awaitsAdvance;

    /**
     * Goes on where {@code config.storage()} ends.
     *
     * @throws InvariantViolation if the storage contradicts itself
     */
    public RawNode(RaftConfig config) {
        raft = new Raft(config);
        async = config.asyncStorageWrites();
        previousSoft = softState();
        previousHard = raft.hardState();
    }

    /**
     * Starts a new group of {@code peers}: their additions become the first entries, committed already.
     * Every member must be given the same peers in the same order.
     *
     * @throws IllegalStateException if storage is not empty
     * @throws IllegalArgumentException if there are no peers
     */
    public void bootstrap(List<Peer> peers) {
        if (peers.isEmpty()) {
            throw new IllegalArgumentException("peers are 0, must be at least 1");
        }
        if (raft.log().lastIndex() != 0) {
            throw new IllegalStateException(
                    "storage is not empty, its last index is " + raft.log().lastIndex());
        }
        previousHard = HardState.EMPTY;
        raft.becomeFollower(1, 0);
        var changes = new ArrayList<ConfChange>(peers.size());
        var entries = new ArrayList<Entry>(peers.size());
        for (Peer peer : peers) {
            var change = new ConfChange.V1(0,
                    new ConfChangeSingle(ConfChangeType.ADD_NODE, peer.id()), peer.context());
            changes.add(change);
            entries.add(new Entry(1, entries.size() + 1L, change.entryType(), encode(change)));
        }
        raft.log().append(entries);
        raft.log().commitTo(entries.size());
        // Applied at once, so that the member can campaign; handed out to be applied all the same.
        for (ConfChange change : changes) {
            raft.membership().apply(change);
        }
    }

    private static Bytes encode(ConfChange change) {
        return ConfChangeCodec.encode(change);
    }

    // Input.

    /** One tick has passed: the unit of all timeouts. */
    public void tick() {
        raft.tick();
    }

    /**
     * Proposes commands, which become consecutive entries and one round of appends.
     *
     * @param data at least one
     * @throws IllegalArgumentException if there is none
     */
    public ProposeOutcome propose(List<Bytes> data) {
        if (data.isEmpty()) {
            throw new IllegalArgumentException("proposals are 0, must be at least 1");
        }
        Entry[] entries = new Entry[data.size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = Entry.proposed(EntryType.NORMAL, data.get(i));
        }
        return raft.propose(proposal(List.of(entries)));
    }

    /**
     * Proposes a change of membership. Where it cannot be made now, the leader logs an empty entry in
     * its place.
     */
    public ProposeOutcome proposeConfChange(ConfChange change) {
        return raft.propose(
                proposal(List.of(Entry.proposed(change.entryType(), encode(change)))));
    }

    private Message.Propose proposal(List<Entry> entries) {
        return new Message.Propose(raft.id(), raft.id(), entries);
    }

    /**
     * Puts a committed change into force, when the application applies its entry; one that the
     * application rejects is simply not passed here.
     *
     * @return the membership from now on
     * @throws IllegalArgumentException if the change cannot be made, as on every other member; nothing
     *     has changed then
     */
    public ConfState applyConfChange(ConfChange change) {
        return raft.membership().apply(change);
    }

    /** Handles what a peer says; what storage releases for this member itself is an event. */
    public StepOutcome step(Message message) {
        if (MessageCheck.isOwnResponse(message, raft.id())) {
            return raft.malformed(message, "from this member itself");
        }
        return stepChecked(message);
    }

    private StepOutcome stepChecked(Message message) {
        if (isResponse(message) && raft.progress(message.from()) == null) {
            return new StepOutcome.PeerNotFound(message.from());
        }
        return raft.step(message);
    }

    private static boolean isResponse(Message message) {
        return switch (message) {
            case Message.AppendResponse ignored -> true;
            case Message.AppendReject ignored -> true;
            case Message.VoteResponse ignored -> true;
            case Message.PreVoteResponse ignored -> true;
            case Message.HeartbeatResponse ignored -> true;
            case Message.ReadIndexResponse ignored -> true;
            case Message.Propose ignored -> false;
            case Message.AppendRequest ignored -> false;
            case Message.VoteRequest ignored -> false;
            case Message.PreVoteRequest ignored -> false;
            case Message.InstallSnapshot ignored -> false;
            case Message.Heartbeat ignored -> false;
            case Message.ReadIndexRequest ignored -> false;
            case Message.TransferLeader ignored -> false;
            case Message.TimeoutNow ignored -> false;
        };
    }

    /** Handles what this process says; other than a released response it is always accepted. */
    public StepOutcome step(LocalEvent event) {
        if (event instanceof LocalEvent.Released released) {
            return stepChecked(released.response());
        }
        raft.step(event);
        return StepOutcome.ACCEPTED;
    }

    /**
     * The time, for lease reads: to be told before whatever is stepped next, and read after that had
     * arrived. In safe mode it does nothing.
     *
     * @param nanos of a monotonic clock, from any origin; a time before the last one does not count
     */
    public void timeIs(long nanos) {
        raft.lease().timeIs(nanos);
    }

    /** Whether this core has to be told the time: in lease mode with a promise above 0. */
    public boolean needsTime() {
        return raft.lease().isUsed();
    }

    /** Campaigns now. */
    public void campaign() {
        raft.step(new LocalEvent.Campaign());
    }

    /** Forgets the leader, so that a vote can be given before a timeout has passed. */
    public void forgetLeader() {
        raft.step(new LocalEvent.ForgetLeader());
    }

    /** Nothing reaches {@code peer}: a leader probes before it sends more. */
    public void reportUnreachable(long peer) {
        raft.step(new LocalEvent.Unreachable(peer));
    }

    /** The transfer of a snapshot to {@code peer} has ended. */
    public void reportSnapshot(long peer, boolean delivered) {
        raft.step(new LocalEvent.SnapshotReport(peer, delivered));
    }

    /** Asks the leader, which may be this member, to hand over to {@code target}. */
    public TransferOutcome transferLeader(long target) {
        return raft.transferRequests().begin(target);
    }

    /** How transfers ended that {@link #transferLeader} accepted, since this was last asked. */
    public List<TransferEnd> takeTransferEnds() {
        return raft.transferRequests().takeEnded();
    }

    /**
     * Asks for an index that, once applied, makes a read linearizable (Raft thesis 6.4).
     *
     * @param context names the read in {@link Ready#readStates} or {@link Ready#droppedReads}
     */
    public ReadOutcome readIndex(Bytes context) {
        return raft.role().readIndex(raft.id(), context);
    }

    // Output.

    /** Whether there is something to do. */
    public boolean hasReady() {
        return !raft.outbox().isEmpty()
                || softChanged() || hardChanged()
                || raft.log().unstable().hasNextEntries()
                || !raft.log().unstable().nextSnapshot().isEmpty()
                || raft.log().hasNextCommitted(!async)
                || !raft.readStates().isEmpty()
                || !raft.droppedReads().isEmpty();
    }

    /**
     * What there is to do, which is in the caller's hands from now on.
     *
     * @throws IllegalStateException in synchronous mode, if the last one has not been advanced
     */
    public Ready ready() {
        if (awaitsAdvance) {
            throw new IllegalStateException("the last Ready was not advanced");
        }
        SoftState soft = softChanged() ? softState() : null;
        HardState hard = hardChanged() ? raft.hardState() : HardState.EMPTY;
        Unstable unstable = raft.log().unstable();
        List<Entry> entries = unstable.nextEntries();
        Snapshot snapshot = unstable.nextSnapshot();
        List<Entry> committed = raft.log().nextCommitted(!async);
        boolean mustSync = mustSync(entries);
        if (!async) {
            raft.outbox().release(selfOnAdvance);
        }
        List<Message> messages = raft.outbox().takeImmediate();
        List<Message> afterAppend = raft.outbox().takeAfterAppend();
        LocalEvent.StorageAppended appended = appended(snapshot);
        StorageAppend append = null;
        StorageApply apply = null;
        if (async) {
            append = storageAppend(hard, entries, snapshot, afterAppend, appended);
            apply = committed.isEmpty() ? null : new StorageApply(committed);
        } else {
            keepForAdvance(appended, committed);
        }
        var ready = new Ready(soft, hard, List.copyOf(raft.readStates()),
                List.copyOf(raft.droppedReads()), entries, snapshot, committed, messages, mustSync,
                append, apply);
        accept(ready);
        return ready;
    }

    private static @Nullable StorageAppend storageAppend(HardState hard, List<Entry> entries,
            Snapshot snapshot, List<Message> responses,
            LocalEvent.@Nullable StorageAppended appended) {
        boolean nothing = hard.isEmpty() && entries.isEmpty() && snapshot.isEmpty()
                && responses.isEmpty();
        return nothing
                ? null
                : new StorageAppend(hard, entries, snapshot, responses, appended);
    }

    /**
     * The acknowledgement that storage will owe us, null if it owes none. It names the last entry even
     * if nothing new is written, since an acknowledgement of an earlier term may have been ignored.
     */
    private LocalEvent.@Nullable StorageAppended appended(Snapshot snapshot) {
        EntryId last = raft.lastIfUnstable();
        return last.index() == 0 && snapshot.isEmpty()
                ? null
                : new LocalEvent.StorageAppended(raft.term(), last, snapshot.id());
    }

    private void keepForAdvance(LocalEvent.@Nullable StorageAppended appended,
            List<Entry> committed) {
        appendedOnAdvance = appended;
        appliedOnAdvance = committed.isEmpty() ? null : new LocalEvent.StorageApplied(committed);
        awaitsAdvance = true;
    }

    private void accept(Ready ready) {
        previousSoft = ready.softState().orElse(previousSoft);
        if (!ready.hardState().isEmpty()) {
            previousHard = ready.hardState();
        }
        raft.readStates().clear();
        raft.droppedReads().clear();
        raft.log().unstable().acceptInProgress();
        List<Entry> committed = ready.committedEntries();
        if (!committed.isEmpty()) {
            raft.log().acceptApplying(committed.getLast().index(), Entry.encodedBytes(committed),
                    !async);
        }
    }

    /**
     * Synchronous mode: the last Ready is saved, sent and applied.
     *
     * @throws IllegalStateException in asynchronous mode
     */
    public void advance() {
        if (async) {
            throw new IllegalStateException("advance with asynchronous storage writes");
        }
        awaitsAdvance = false;
        for (int i = 0; i < selfOnAdvance.size(); i++) {
            raft.step(selfOnAdvance.get(i));
        }
        selfOnAdvance.clear();
        if (appendedOnAdvance != null) {
            raft.step(appendedOnAdvance);
            appendedOnAdvance = null;
        }
        if (appliedOnAdvance != null) {
            raft.step(appliedOnAdvance);
            appliedOnAdvance = null;
        }
    }

    private SoftState softState() {
        return new SoftState(raft.leader(), raft.roleName());
    }

    private boolean softChanged() {
        return previousSoft.leader() != raft.leader() || previousSoft.role() != raft.roleName();
    }

    private boolean hardChanged() {
        return voteOrTermChanged() || previousHard.commit() != raft.log().committed();
    }

    private boolean voteOrTermChanged() {
        return previousHard.term() != raft.term() || previousHard.vote() != raft.vote();
    }

    /** A commit index that is lost is learnt again: alone it need not be durable. */
    private boolean mustSync(List<Entry> entries) {
        return !entries.isEmpty() || voteOrTermChanged();
    }

    // State.

    /** Who leads, as far as this member knows; 0 for nobody. */
    public long leader() {
        return raft.leader();
    }

    /** Whether storage is written through {@link Ready#storageAppend} and no advance is needed. */
    public boolean asyncStorageWrites() {
        return async;
    }

    /** The state in numbers. */
    public BasicStatus basicStatus() {
        return raft.basicStatus();
    }

    /** The state in full: copies all progress. */
    public Status status() {
        SortedMap<Long, Progress> progress = new TreeMap<>();
        if (raft.roleName() == RoleName.LEADER) {
            for (long id : raft.tracker().ids()) {
                raft.tracker().progress(id).ifPresent(known -> progress.put(id, known.copy()));
            }
        }
        return new Status(raft.basicStatus(), raft.tracker().config(), progress);
    }

    /** The core, for tests of this package. */
    Raft raft() {
        return raft;
    }

    /**
     * Replaces the election timeout that was drawn, until the next is drawn: for recorded traces.
     *
     * @param ticks at least 1
     */
    public void setRandomizedElectionTimeoutTicks(int ticks) {
        if (ticks < 1) {
            throw new IllegalArgumentException("ticks are " + ticks + ", must be at least 1");
        }
        raft.election().setRandomizedTimeoutTicks(ticks);
    }
}
