// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.Network;
import io.jangada.network.SnapshotOffer;
import io.jangada.network.SnapshotSink;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.SnapshotSource;
import io.jangada.raft.storage.SnapshotTemporarilyUnavailableException;
import io.jangada.wal.SnapshotFile;
import io.jangada.wal.SnapshotReceiver;
import io.jangada.wal.SnapshotStore;
import io.jangada.wal.SnapshotWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a group: makes the local state durable from time to time, so that the log can be cut
 * behind it; makes files for followers that lag, when the core asks, or lets another member do it; sends them, and receives
 * those of the leader. Files are written and read in the background. Belongs to the node loop, but for the sink,
 * and for {@link #write}, which the apply loop and the background share.
 */
final class Snapshots implements SnapshotSource, DelegatedSnapshots.Delegate {
    private static final Logger LOGGER = System.getLogger(Snapshots.class.getName());
    private static final int RECEIVED_MAX = 8;

    /** What the group does for its snapshots; each method may be called from any thread. */
    interface Group {
        /** Asks the machine for its state, on the apply loop, and gives it to {@code then} there. */
        void takeState(Consumer<StateSnapshot> then);

        /** The last index that the machine has. */
        long applied();

        /** The present membership. */
        ConfState confState();

        /** Runs {@code task} on the node loop. */
        void onNodeLoop(Runnable task);

        /** The state is durable up to {@code at}. Node loop. */
        void durable(AppliedState at);

        /** The snapshot for {@code peer} has arrived, or not. */
        void reportSnapshot(long peer, boolean delivered);

        /** A whole snapshot has come from the leader. Node loop. */
        void received(Message.InstallSnapshot header);

        /** Making the local state durable has failed: the member cannot go on. */
        void failed(Exception failure);
    }

    private final long group;
    private final SnapshotStore store;
    private final Executor background;
    private final Network network;
    private final GroupPeers peers;
    private final long snapshotCount;
    private final boolean isDelegating;
    private final DelegatedSnapshots delegated;
    private final PartialSnapshot partial;
    private final TreeMap<EntryId, SnapshotFile> received = new TreeMap<>();
    private long firstIndex = 1;
    private long countedFrom;
    private @Nullable SnapshotFile newest;
    /** The one that a leader was told of last, and will want to be sent. */
    private @Nullable SnapshotFile promised;
    private boolean busy;
    /** Whether the last file could not be written. */
    private boolean fileFailed;
    /** Written once, before any loop has a task of the group. */
    private @Nullable Group attached;

    /** Idle until a group is attached. */
    Snapshots(GroupConfig config, HostParts host, GroupPeers peers) {
        this.peers = peers;
        group = config.group();
        snapshotCount = config.snapshotCount();
        store = host.snapshots();
        background = host.loops().background();
        network = host.network();
        partial = new PartialSnapshot(host);
        isDelegating = config.snapshotSender() == SnapshotSender.ANY_MEMBER;
        delegated = new DelegatedSnapshots(config, host, this,
                (delivered, peer) -> owner().reportSnapshot(peer, delivered));
    }

    /** Belongs to {@code owner} from now on, which was recovered with the help of this. */
    void attach(Group owner) {
        attached = owner;
    }

    private Group owner() {
        return Objects.requireNonNull(attached);
    }

    /** The log's first index has moved. */
    void firstIndex(long index) {
        firstIndex = index;
    }

    @Override
    public Snapshot snapshot() throws SnapshotTemporarilyUnavailableException {
        Set<Long> members = peers.present();
        SnapshotFile file = newest;
        if (file != null && isEnough(file, firstIndex - 1, members)) {
            return new Snapshot(file.id(), file.confState(), peers.encode());
        }
        if (isDelegating && !busy) {
            SnapshotNote.Answer others = delegated.find(firstIndex - 1, members);
            if (others.progress() == SnapshotNote.Progress.DONE) {
                return new Snapshot(others.id(), owner().confState(), peers.encode());
            }
            if (others.progress() == SnapshotNote.Progress.WORKING) {
                throw new SnapshotTemporarilyUnavailableException();
            }
        }
        makeFile();
        throw new SnapshotTemporarilyUnavailableException();
    }

    /* Whoever is not in it could not take it: a member that was added since needs a new one. */
    private static boolean isEnough(SnapshotFile file, long indexMin, Set<Long> members) {
        return file.id().index() >= indexMin
                && GroupPeers.ids(file.confState()).containsAll(members);
    }

    private void makeFile() {
        if (!busy) {
            busy = true;
            fileFailed = false;
            owner().takeState(state -> background.execute(() -> write(state, true)));
        }
    }

    /** What another member makes or sends for this one, or this one for a leader. */
    DelegatedSnapshots delegated() {
        return delegated;
    }

    @Override
    public SnapshotNote.Answer make(SnapshotNote.Make wanted) {
        SnapshotFile file = newest;
        if (file != null && isEnough(file, wanted.indexMin(), wanted.members())) {
            promise(file);
            return new SnapshotNote.Answer(group, 0, SnapshotNote.Progress.DONE, file.id(), 0);
        }
        boolean isPossible = owner().applied() >= wanted.indexMin() && !fileFailed
                && peers.present().containsAll(wanted.members());
        fileFailed = false;
        if (isPossible) {
            makeFile();
        }
        return new SnapshotNote.Answer(group, 0, isPossible
                ? SnapshotNote.Progress.WORKING
                : SnapshotNote.Progress.FAILED, EntryId.ZERO, 0);
    }

    private void promise(SnapshotFile file) {
        SnapshotFile before = promised;
        store.hold(file);
        promised = file;
        if (before != null) {
            store.release(before);
        }
    }

    @Override
    public void send(long leader, SnapshotNote.Send wanted, Consumer<Boolean> delivered) {
        SnapshotFile file = promised;
        if (file == null || !file.id().equals(wanted.id())) {
            delivered.accept(false);
            return;
        }
        send(file, new Message.InstallSnapshot(leader, wanted.to(), wanted.term(),
                new Snapshot(file.id(), file.confState(), peers.encode())),
                arrived -> owner().onNodeLoop(() -> delivered.accept(arrived)));
    }

    /** The state up to {@code index} is durable. */
    void countFrom(long index) {
        countedFrom = index;
    }

    /**
     * The machine has all up to {@code index}: if that is enough since the last time, or the log is full, makes
     * the state durable, so that the log can be cut; leaves it out while that is under way.
     */
    void applied(long index, boolean logIsFull) {
        if (index - countedFrom < snapshotCount && !(logIsFull && index > countedFrom)) {
            return;
        }
        countedFrom = index;
        if (!busy) {
            busy = true;
            owner().takeState(state -> background.execute(() -> write(state, false)));
        }
    }

    /* A machine that cannot keep its own state is broken. A file that cannot be written (a full disk) is
     * not needed yet: the log stays as long as it is, and the next snapshot tries again. */
    private void write(StateSnapshot state, boolean fileWanted) {
        try (state) {
            boolean persisted = state.persist();
            if (persisted && !fileWanted) {
                owner().onNodeLoop(() -> durable(state.at(), null));
            } else {
                writeFile(state);
            }
        } catch (IOException | UncheckedIOException e) {
            owner().failed(e);
        }
    }

    private void writeFile(StateSnapshot state) {
        AppliedState at = state.at();
        try (SnapshotWriter out = store.begin(group, at.last(), at.confState())) {
            state.writeTo(out);
            SnapshotFile file = out.commit();
            owner().onNodeLoop(() -> durable(at, file));
        } catch (IOException | UncheckedIOException e) {
            LOGGER.log(Level.WARNING, "snapshot not written", e);
            owner().onNodeLoop(() -> {
                busy = false;
                fileFailed = true;
            });
        }
    }

    private void durable(AppliedState at, @Nullable SnapshotFile file) {
        busy = false;
        if (file != null) {
            newest = file;
        }
        owner().durable(at);
    }

    /** Sends the file that {@code message} names, or lets another member do it; whether it arrives is reported to the core. */
    void send(Message.InstallSnapshot message) {
        SnapshotFile file = newest;
        if (file != null && file.id().equals(message.snapshot().id())) {
            send(file, message, delivered -> owner().reportSnapshot(message.to(), delivered));
        } else if (!delegated.send(message)) {
            owner().reportSnapshot(message.to(), false);
        }
    }

    private void send(SnapshotFile file, Message.InstallSnapshot message,
            Consumer<Boolean> delivered) {
        background.execute(() -> {
            try {
                SnapshotFile.Raw raw = file.raw();
                LOGGER.log(Level.INFO, "sending snapshot group={0} to={1} index={2} bytes={3}",
                        group, Long.toHexString(message.to()), file.id().index(), file.bytes());
                network.sendSnapshot(group, message, new Source(file, raw), delivered);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "snapshot not sent", e);
                owner().onNodeLoop(() -> forget(file));
                delivered.accept(false);
            }
        });
    }

    /** Where the leader's snapshot goes. Any thread, which may block. */
    SnapshotSink receive(SnapshotOffer offer) throws IOException {
        SnapshotReceiver begun = partial.take(offer);
        return new Sink(offer,
                begun != null ? begun : store.receive(group, offer.header().snapshot().id()));
    }

    private void received(Message.InstallSnapshot header, SnapshotFile file) {
        received.values().removeIf(this::isRefused);
        SnapshotFile same = received.put(file.id(), file);
        if (same != null) {
            store.release(same);
        }
        if (received.size() > RECEIVED_MAX) {
            store.release(received.pollFirstEntry().getValue());
        }
        owner().received(header);
    }

    /* The core had no use for it, and will have none. */
    private boolean isRefused(SnapshotFile file) {
        boolean isRefused = file.id().index() <= owner().applied();
        if (isRefused) {
            store.release(file);
        }
        return isRefused;
    }

    /** The file that came as the snapshot {@code id}, which the core has accepted, until it is {@link #restored}; null if none did. */
    @Nullable
    SnapshotFile take(EntryId id) {
        SnapshotFile file = received.remove(id);
        Map<EntryId, SnapshotFile> older = received.headMap(id);
        older.values().forEach(store::release);
        older.clear();
        if (file != null) {
            newest = file;
        }
        return file;
    }

    /** The machine has what {@code file} holds. */
    void restored(SnapshotFile file) {
        store.release(file);
    }

    /** A file that is damaged or cannot be read is not offered again: the next one is made anew. */
    private void forget(SnapshotFile unreadable) {
        if (newest == unreadable) {
            newest = null;
        }
        if (promised == unreadable) {
            promised = null;
            store.release(unreadable);
        }
    }

    private final class Source implements io.jangada.network.SnapshotSource {
        private final SnapshotFile file;
        private final SnapshotFile.Raw raw;

        Source(SnapshotFile file, SnapshotFile.Raw raw) {
            this.file = file;
            this.raw = raw;
        }

        @Override
        public long totalBytes() {
            return file.bytes();
        }

        @Override
        public long contentId() {
            return file.contentId();
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            try {
                raw.read(position, target);
            } catch (IOException e) {
                owner().onNodeLoop(() -> forget(file));
                throw e;
            }
        }

        @Override
        public void close() {
            try {
                raw.close();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "snapshot file not closed", e);
            }
        }
    }

    private final class Sink implements SnapshotSink {
        private final SnapshotOffer offer;
        private final SnapshotReceiver receiver;
        private boolean committing;

        Sink(SnapshotOffer offer, SnapshotReceiver receiver) {
            this.offer = offer;
            this.receiver = receiver;
        }

        @Override
        public long position() {
            return receiver.bytes();
        }

        @Override
        public void write(long position, Bytes part) throws IOException {
            if (position != receiver.bytes()) {
                throw new IOException("a part at " + position + " came after "
                        + receiver.bytes() + " bytes");
            }
            receiver.write(part.asByteBuffer());
        }

        @Override
        public boolean complete() throws IOException {
            committing = true;
            SnapshotFile file = receiver.commit();
            Message.InstallSnapshot header = offer.header();
            if (!file.confState().equals(header.snapshot().confState())) {
                throw new IOException("the snapshot's members are not those announced");
            }
            owner().onNodeLoop(() -> received(header, file));
            return true;
        }

        /** A file that is whole and still no good is not worth keeping. */
        @Override
        public void abort() {
            if (!committing) {
                partial.keep(offer, receiver);
                return;
            }
            try {
                receiver.abort();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "half a snapshot is left behind", e);
            }
        }
    }
}
