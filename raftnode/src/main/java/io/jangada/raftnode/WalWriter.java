// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.StorageAppend;
import io.jangada.raft.model.HardState;
import io.jangada.wal.SnapshotMark;
import io.jangada.wal.Wal;
import io.jangada.wal.WalException;
import io.jangada.wal.WalFullException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The log writer of a host: takes all that has queued up, from all groups, writes it and forces once
 * (group commit), and tells each group. Submitting is for any thread; the rest belongs to the WAL loop.
 *
 * <p>Where the next segment finds no room, the groups are told that the disk is full, and refuse proposals:
 * half a segment is left then, for votes, marks, changes of membership and what was proposed before. When
 * that is used up too, the writing stops, not the member: nothing is acknowledged. Whether there is room is
 * tried every second. Any other failure ends the log for good.
 */
final class WalWriter {
    private static final Logger LOGGER = System.getLogger(WalWriter.class.getName());
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int CHUNK = 256;

    private sealed interface Job {
        WalClient client();
    }

    private record AppendJob(WalClient client, StorageAppend append) implements Job {}

    private record MarkJob(WalClient client, SnapshotMark mark) implements Job {}

    private final Wal wal;
    private final EventLoop loop;
    private final Instruments instruments;
    private final MpscUnboundedArrayQueue<Job> inbox = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();
    private final List<Job> buffered = new ArrayList<>();
    /** What {@link #tell} tells, by client; empty between two calls. */
    private final Map<WalClient, List<StorageAppend>> written = new LinkedHashMap<>();
    private boolean forceNeeded;
    /** Whether nothing can be written. */
    private boolean full;
    /** Whether there is no room for the next segment. */
    private boolean low;
    /** All that have written, with the last hard state of each. */
    private final Map<WalClient, HardState> clients = new LinkedHashMap<>();
    private @Nullable Exception failure;
    private long forceCount;
    /** Written by the WAL loop, read by any thread. */
    private volatile boolean forcing;
    private volatile long forceBegunNanos;
    private volatile long forces;

    WalWriter(Wal wal, EventLoop loop, Instruments instruments) {
        this.wal = wal;
        this.loop = loop;
        this.instruments = instruments;
    }

    /** How long the present force has taken; 0 if there is none. Any thread. */
    long forcingNanos() {
        return forcing ? Math.max(0, instruments.begin() - forceBegunNanos) : 0;
    }

    /** How often the log was forced. */
    long forces() {
        return forces;
    }

    /** Queues {@code append}; those of one thread are carried out in order. */
    void submit(WalClient client, StorageAppend append) {
        submit(new AppendJob(client, append));
    }

    /** Queues a mark; what lies behind it may be purged. */
    void mark(WalClient client, SnapshotMark mark) {
        submit(new MarkJob(client, mark));
    }

    /** Forces all that is queued, though nobody waits for it: a commit index that must not be lost. Any thread. */
    void forceQueued() {
        loop.execute(() -> {
            forceNeeded = true;
            drain();
        });
    }

    /**
     * Writes at once, while a group starts: a mark and what goes with it, in place of all there is or not. WAL loop.
     *
     * @throws WalException if the log or the disk does not take it
     */
    void writeNow(long group, boolean resets, SnapshotMark mark, StorageAppend append)
            throws WalException {
        if (resets) {
            wal.reset(group);
        }
        wal.mark(group, mark);
        wal.append(group, append.hardState(), append.entries());
        wal.force();
    }

    /** Gives the log up, with what is not forced. WAL loop. */
    void close() throws IOException {
        failure = new IOException("the log is closed");
        wal.close();
    }

    private void submit(Job job) {
        inbox.offer(job);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            loop.execute(this::drain);
        }
    }

    private void drain() {
        scheduled.set(false);
        inbox.drain(waiting::add);
        if (!full) {
            write();
        }
    }

    private void write() {
        if (failure != null) {
            fail(failure);
            return;
        }
        try {
            while (!waiting.isEmpty()) {
                buffer(waiting.getFirst());
                buffered.add(waiting.removeFirst());
            }
            if (forceNeeded) {
                force();
                forceCount++;
                forces = forceCount;
                forceNeeded = false;
            }
            full = false;
            tell();
            lookForRoom();
        } catch (WalFullException noRoom) {
            if (!full) {
                LOGGER.log(Level.WARNING, "disk full, nothing is written until there is room: "
                        + noRoom.getMessage());
            }
            full = true;
            setLow(true);
            loop.schedule(this::write, RETRY_NANOS);
        } catch (IOException failed) {
            failure = failed;
            fail(failed);
        }
    }

    private void force() throws WalException {
        long begunNanos = instruments.begin();
        forceBegunNanos = begunNanos;
        forcing = true;
        try {
            wal.force();
        } finally {
            forcing = false;
        }
        instruments.walForced(begunNanos);
    }

    private void buffer(Job job) throws WalException {
        clients.putIfAbsent(job.client(), HardState.EMPTY);
        switch (job) {
            case AppendJob(WalClient client, StorageAppend append) -> {
                if (!append.snapshot().isEmpty()) {
                    wal.mark(client.group(), new SnapshotMark(append.snapshot().id(),
                            append.snapshot().confState()));
                }
                wal.append(client.group(), append.hardState(), append.entries());
                /* A commit index alone that nobody waits for is written with the next force: losing it
                 * loses nothing. A term does not come back from what was said to be written. */
                forceNeeded |= append.done().isPresent() || !append.responses().isEmpty()
                        || isNewTerm(client, append.hardState());
            }
            case MarkJob(WalClient client, SnapshotMark mark) -> {
                wal.mark(client.group(), mark);
                forceNeeded = true;
            }
        }
    }

    private boolean isNewTerm(WalClient client, HardState next) {
        if (next.isEmpty()) {
            return false;
        }
        HardState before = clients.put(client, next);
        return before == null || before.term() != next.term() || before.vote() != next.vote();
    }

    private void tell() throws WalException {
        for (Job job : buffered) {
            switch (job) {
                case AppendJob(WalClient client, StorageAppend append) ->
                    written.computeIfAbsent(client, ignored -> new ArrayList<>()).add(append);
                case MarkJob(WalClient client, SnapshotMark mark) ->
                    wal.purge(client.group(), mark.index());
            }
        }
        buffered.clear();
        written.forEach(WalClient::written);
        written.clear();
    }

    private void lookForRoom() {
        if (!low && wal.isLow()) {
            setLow(true);
            LOGGER.log(Level.WARNING, "disk nearly full, nothing is proposed until there is room");
            loop.schedule(this::lookAgain, RETRY_NANOS);
        } else if (low && !wal.isLow()) {
            setLow(false);
        }
    }

    private void lookAgain() {
        if (failure != null || full) {
            return; // Whoever waits for room to write looks then.
        }
        if (wal.isLow()) {
            loop.schedule(this::lookAgain, RETRY_NANOS);
        } else {
            setLow(false);
        }
    }

    private void setLow(boolean now) {
        if (low != now) {
            low = now;
            clients.keySet().forEach(client -> client.diskFull(now));
        }
    }

    private void fail(Exception cause) {
        waiting.forEach(job -> clients.putIfAbsent(job.client(), HardState.EMPTY));
        waiting.clear();
        buffered.clear();
        clients.keySet().forEach(client -> client.failed(cause));
    }
}
