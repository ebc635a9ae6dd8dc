// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Invariant;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.SnapshotTemporarilyUnavailableException;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressState;
import java.util.List;

/**
 * What a leader sends to bring its peers' logs in line with its own (Raft thesis 3.5, 10.2.1; etcd
 * raft: maybeSendAppend). Owned by the core's thread; used by leaders only.
 */
final class Replicator {
    /** Whether an append without entries is worth sending: it moves the commit index, or probes. */
    enum Empty {
        SEND, SKIP
    }

    private final Raft raft;

    Replicator(Raft raft) {
        this.raft = raft;
    }

    /** One append for every peer that is not paused, in ascending order of ids. */
    void broadcastAppend(Empty empty) {
        for (long peer : raft.tracker().ids()) {
            if (peer != raft.id()) {
                sendAppend(peer, empty);
            }
        }
    }

    /**
     * Sends what comes next for {@code peer}: entries, or a snapshot where those are compacted away.
     *
     * @return whether anything was sent
     */
    boolean sendAppend(long peer, Empty empty) {
        Progress progress = raft.progress(peer);
        if (progress == null || progress.isPaused()) {
            return false;
        }
        long previousIndex = progress.next() - 1;
        long previousTerm = raft.log().term(previousIndex);
        if (previousTerm == RaftLog.UNKNOWN_TERM) {
            return sendSnapshot(peer, progress);
        }
        List<Entry> entries;
        try {
            entries = nextEntries(progress);
        } catch (CompactedException ignored) {
            return sendSnapshot(peer, progress);
        }
        if (entries.isEmpty() && empty == Empty.SKIP) {
            return false;
        }
        long committed = raft.log().committed();
        raft.outbox().send(new Message.AppendRequest(raft.id(), peer, raft.term(),
                new EntryId(previousTerm, previousIndex), entries, committed));
        progress.sentEntries(entries.size(), payloadBytes(entries));
        progress.sentCommit(committed);
        return true;
    }

    /** None if the window is full: an empty append still keeps a peer going that has lost messages. */
    private List<Entry> nextEntries(Progress progress) throws CompactedException {
        boolean windowFull = progress.state() == ProgressState.REPLICATE
                && progress.inflights().isFull();
        return windowFull
                ? List.of()
                : raft.log().entries(progress.next(), raft.config().maxMessageBytes());
    }

    static long payloadBytes(List<Entry> entries) {
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).data().size();
        }
        return bytes;
    }

    private boolean sendSnapshot(long peer, Progress progress) {
        RaftTracer tracer = raft.tracer();
        if (!progress.isRecentActive()) {
            tracer.snapshotNotSentToInactive(peer);
            return false;
        }
        Snapshot snapshot;
        try {
            snapshot = raft.log().snapshot();
        } catch (SnapshotTemporarilyUnavailableException ignored) {
            tracer.snapshotNotAvailable(peer);
            return false;
        }
        Invariant.check(!snapshot.isEmpty(), "no snapshot although the log is compacted",
                raft.log().firstIndex(), progress.next());
        tracer.snapshotSent(raft.log().firstIndex(), raft.log().committed(), snapshot.id(), peer,
                progress);
        progress.becomeSnapshot(snapshot.index());
        tracer.replicationPausedForSnapshot(peer, progress);
        raft.outbox().send(
                new Message.InstallSnapshot(raft.id(), peer, raft.term(), snapshot));
        return true;
    }

    /** One heartbeat for every peer, with the reads that wait for a quorum. */
    void broadcastHeartbeat() {
        for (long peer : raft.tracker().ids()) {
            if (peer != raft.id()) {
                sendHeartbeat(peer);
            }
        }
    }

    /** A peer must not commit what it is not known to have: its log may still diverge there. */
    private void sendHeartbeat(long peer) {
        Progress progress = raft.progress(peer);
        if (progress == null) {
            return;
        }
        long commit = Math.min(progress.match(), raft.log().committed());
        raft.outbox().send(new Message.Heartbeat(raft.id(), peer, raft.term(), commit,
                raft.readPosition()));
        progress.sentCommit(commit);
    }

    /** Sends non-empty appends to {@code peer} as long as there are entries and its window has room. */
    void sendAll(long peer) {
        boolean sent;
        do {
            sent = sendAppend(peer, Empty.SKIP);
        } while (sent);
    }
}
