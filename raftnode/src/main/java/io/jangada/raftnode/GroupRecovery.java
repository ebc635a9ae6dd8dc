// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SlabPool;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import io.jangada.raft.storage.SnapshotSource;
import io.jangada.wal.SnapshotFile;
import io.jangada.wal.SnapshotMark;
import io.jangada.wal.SnapshotStore;
import io.jangada.wal.WalRecovery;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * How a group comes back from the disk, or begins.
 *
 * <p>A new group begins with a mark at index 1, term 1 in every initial member's log, which holds the
 * initial members: as if a first entry had been applied and compacted away (etcd raft 3.7: a storage
 * that starts with a configuration). A member that joins later lacks index 1 and so gets a snapshot,
 * from which it learns who the members are. The mark is durable before the state machine hears of it:
 * after a crash in between, the machine is told again.
 *
 * <p>The state comes from the machine itself, if it has all up to the log's mark, or from the newest
 * snapshot file. A file that another member sent may be ahead of the log, if the crash came before the
 * log's mark: it stands for the committed log up to there, so the mark is written now, first.
 *
 * <p>Owned by the thread that starts the group; writes the log by way of the WAL loop.
 */
final class GroupRecovery {
    private static final Logger LOGGER = System.getLogger(RaftNode.class.getName());
    /** What the log of a new group begins behind. */
    static final EntryId BOOTSTRAP = new EntryId(1, 1);

    /** Writes and forces. */
    interface LogWriter {
        /**
         * Lets the log begin behind {@code mark}.
         *
         * @param resets whether what is there goes first, so that the mark may be behind the one before
         */
        void write(boolean resets, SnapshotMark mark, HardState hardState) throws IOException;
    }

    /**
     * What a group starts with.
     *
     * @param storage the stable log, whose configuration is that of {@code applied}
     * @param applied what the machine holds
     */
    record Recovered(MemoryStorage storage, AppliedState applied) {}

    private final GroupConfig config;
    private final StateMachine<?> machine;
    private final SnapshotStore snapshots;
    private final LogWriter marks;
    private final Suffrage.Losses losses;
    private final SlabPool slabs;
    private SnapshotMark mark = SnapshotMark.NONE;
    private HardState hardState = HardState.EMPTY;
    private List<Entry> entries = List.of();

    GroupRecovery(GroupConfig config, StateMachine<?> machine, HostParts host,
            LogWriter marks) {
        this.config = config;
        this.machine = machine;
        this.snapshots = host.snapshots();
        this.marks = marks;
        this.losses = host.losses();
        this.slabs = host.slabs();
    }

    /**
     * Reads what there is and puts machine and log together.
     *
     * @param source what the storage gives to lagging followers
     * @throws IOException if the disk fails, or state and log do not fit together
     */
    Recovered recover(Optional<WalRecovery.Group> found, SnapshotSource source)
            throws IOException {
        found.ifPresent(this::take);
        AppliedState applied = machine.recover();
        if (mark.index() == 0 && hardState.isEmpty() && applied.index() == 0
                && config.start() == GroupStart.NEW) {
            rewrite(false, new SnapshotMark(BOOTSTRAP, initialMembers()));
        }
        if (applied.index() < Math.max(mark.index(), 1)) {
            applied = fromFile(applied);
        }
        if (applied.index() > mark.index() + entries.size()) {
            beginAnew(applied, "group " + config.group() + ": the state machine holds "
                    + applied.last() + ", but the log ends at index "
                    + (mark.index() + entries.size())
                    + ": one of the two is an older copy; restore both, or remove this member"
                    + " and add it anew with empty directories");
        }
        return new Recovered(storage(applied, source), applied);
    }

    private void take(WalRecovery.Group group) {
        mark = group.mark();
        hardState = group.hardState();
        entries = group.entries();
        /* A snapshot replaced a log that went on in an earlier term: those entries were never part of
         * the log behind the mark (terms do not fall along a log). */
        if (!entries.isEmpty() && entries.getFirst().term() < mark.id().term()) {
            entries = List.of();
        }
    }

    private AppliedState fromFile(AppliedState held) throws IOException {
        Optional<SnapshotFile> newest = snapshots.newest(config.group());
        if (newest.isPresent() && newest.get().id().index() >= mark.index()
                && newest.get().id().index() > held.index()) {
            return restore(newest.get());
        }
        if (mark.index() > held.index() && !mark.id().equals(BOOTSTRAP)) {
            beginAnew(held, "group " + config.group() + ": the log begins behind "
                    + mark.id() + ", but the state machine holds " + held.last()
                    + " and no intact snapshot file reaches that far; set aside as damaged: "
                    + snapshots.broken()
                    + "; remove this member and add it anew with empty directories");
        }
        if (!mark.id().equals(BOOTSTRAP)) {
            return held;
        }
        AppliedState first = new AppliedState(mark.id(), mark.confState());
        machine.initialize(first);
        return first;
    }

    private AppliedState restore(SnapshotFile file) throws IOException {
        AppliedState at = new AppliedState(file.id(), file.confState());
        if (!logHas(file.id())) {
            rewrite(false, new SnapshotMark(file.id(), file.confState()));
        }
        try (InputStream in = file.open()) {
            machine.restore(at, in);
        }
        return at;
    }

    private boolean logHas(EntryId id) {
        if (id.index() == mark.index()) {
            return id.equals(mark.id());
        }
        long position = id.index() - mark.index() - 1;
        return position >= 0 && position < entries.size()
                && entries.get((int) position).term() == id.term();
    }

    /**
     * Lets the log begin behind what the machine holds: the rest has to come from the peers, and until
     * then this member has forgotten something. A machine that holds nothing of a new group begins it.
     *
     * @param flaw what is wrong, for the log and for a group of one, which cannot be helped
     */
    private void beginAnew(AppliedState held, String flaw) throws IOException {
        if (config.members().size() == 1) {
            throw new IOException(flaw);
        }
        LOGGER.log(Level.ERROR, flaw);
        losses.add(config.group());
        if (held.index() > 0) {
            rewrite(true, new SnapshotMark(held.last(), held.confState()));
        } else {
            rewrite(true, config.start() == GroupStart.NEW
                    ? new SnapshotMark(BOOTSTRAP, initialMembers())
                    : SnapshotMark.NONE);
        }
    }

    /** Lets the log begin behind {@code begin}, durably. */
    private void rewrite(boolean resets, SnapshotMark begin) throws IOException {
        long term = Math.max(hardState.term(), begin.id().term());
        long vote = term == hardState.term() ? hardState.vote() : 0;
        hardState = new HardState(term, vote, resets
                ? begin.index()
                : Math.max(hardState.commit(), begin.index()));
        marks.write(resets, begin, hardState);
        mark = begin;
        entries = List.of();
    }

    private ConfState initialMembers() {
        return ConfState.ofVoters(
                config.members().stream().map(Member::id).distinct().sorted().toList());
    }

    /** The storage's configuration has to be that of the last applied entry: those behind it are replayed. */
    private MemoryStorage storage(AppliedState applied, SnapshotSource source) {
        MemoryStorage storage = new MemoryStorage(source, slabs);
        if (mark.index() > 0) {
            try {
                storage.applySnapshot(
                        new Snapshot(mark.id(), applied.confState(), Bytes.EMPTY));
            } catch (SnapshotOutOfDateException e) {
                throw new IllegalStateException("an empty storage takes any snapshot", e);
            }
        }
        storage.append(entries);
        /* The commit index is saved lazily; what is applied was committed. */
        storage.setHardState(new HardState(hardState.term(), hardState.vote(),
                Math.max(hardState.commit(), applied.index())));
        return storage;
    }
}
