// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import io.jangada.mvcc.Watch.State;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes of the store to those who watch.
 *
 * <p>Threads: everything belongs to one loop, the executor given, on which listeners are called; only
 * {@link #committed} and {@link #restored} are the apply loop's. Between the two lies a bounded
 * mailbox.
 *
 * <p>How a watcher misses nothing and gets nothing twice:
 * <ol>
 * <li>{@link #revision} is the last revision handed out. A watcher whose next revision lies beyond it
 * is synced: all that it still wants will come through the mailbox.
 * <li>Any other reads from history, whole revisions at a time, until it is. History may be ahead of
 * the mailbox; what the mailbox brings before the watcher's next revision is then skipped.
 * <li>When the mailbox is full, its contents are dropped; it keeps only that there was a gap. All
 * watchers then read the gap from history.
 * <li>Who declines a batch goes back to the start of that batch, and reads it from history later.
 * </ol>
 */
public final class WatchHub implements CommitListener {
    private final MvccStore store;
    private final Executor loop;
    private final WatchLimits limits;
    private final WatchIndex syncedIndex = new WatchIndex();
    private final Set<Watch> synced = new LinkedHashSet<>();
    private final Set<Watch> unsynced = new LinkedHashSet<>();
    private final Set<Watch> stalled = new LinkedHashSet<>();
    private final AtomicReference<@Nullable Pending> mailbox = new AtomicReference<>();
    private long revision;
    private boolean catchUpScheduled;
    private boolean closed;
    /** Whether listeners are being called, who may call back. */
    private boolean offering;
    private long eventsTold;
    /** Written by the loop; read by any thread. */
    private volatile WatchFigures figures = WatchFigures.NONE;

    /** Commits that wait for the loop, the newest first; an empty list of changes means a gap. */
    private record Pending(@Nullable Pending earlier, List<RevisionEvents> changes, long revision,
            int events, long bytes) {
        static Pending gap(long revision) {
            return new Pending(null, List.of(), revision, 0, 0);
        }

        Pending {
            changes = List.copyOf(changes);
        }
    }

    private WatchHub(MvccStore store, Executor loop, WatchLimits limits) {
        this.store = store;
        this.loop = loop;
        this.limits = limits;
        this.revision = store.revision();
    }

    /**
     * A hub that listens to {@code store} from now on. Before the store's first batch, or on the
     * apply loop.
     *
     * @param loop runs its tasks one at a time, in order, never inside {@code execute}
     */
    public static WatchHub attach(MvccStore store, Executor loop, WatchLimits limits) {
        WatchHub hub = new WatchHub(store, loop, limits);
        store.listen(hub);
        return hub;
    }

    /** Every synced watcher has been offered everything up to this revision. */
    public long revision() {
        return revision;
    }

    /** How many watchers there are. */
    public int watchCount() {
        return synced.size() + unsynced.size() + stalled.size();
    }

    /** How many watchers are not synced, be it that they catch up or that they declined. */
    public int unsyncedCount() {
        return unsynced.size() + stalled.size();
    }

    /** How many watch, and what they were told. Any thread. */
    public WatchFigures figures() {
        Pending waiting = mailbox.get();
        return figures.withPending(waiting == null ? 0 : waiting.events);
    }

    private void publish() {
        figures = new WatchFigures(watchCount(), unsyncedCount(), eventsTold, 0);
    }

    /** Registers a watcher. This listener is not called within the call; others may be. */
    public Watch register(WatchRequest request, WatchListener listener) {
        if (closed) {
            throw new IllegalStateException("watch hub is closed");
        }
        drain(); // So that a start before what the store has is seen to be one, and may be too late.
        long next = request.startRevision() == 0
                ? Math.max(revision, store.revision()) + 1
                : request.startRevision();
        Watch watch = new Watch(this, request, listener, next);
        settle(watch);
        publish();
        return watch;
    }

    /**
     * Ends all watchers, without a word to their listeners, and all work. To be called before the
     * store is closed; tasks that still wait on the loop then do nothing.
     */
    public void close() {
        closed = true;
        for (Set<Watch> watches : List.of(synced, unsynced, stalled)) {
            List.copyOf(watches).forEach(this::cancel);
        }
    }

    void cancel(Watch watch) {
        leave(watch);
        watch.become(State.ENDED);
        publish();
    }

    void resume(Watch watch) {
        if (watch.state() == State.STALLED) {
            leave(watch);
            settle(watch);
            publish();
        }
    }

    @Override
    public void committed(List<RevisionEvents> changes, long atRevision) {
        if (!changes.isEmpty()) {
            post(changes, atRevision);
        }
    }

    @Override
    public void restored(long atRevision) {
        post(List.of(), atRevision);
    }

    private void post(List<RevisionEvents> changes, long atRevision) {
        int events = 0;
        long bytes = 0;
        for (RevisionEvents change : changes) {
            events += change.events().size();
            for (Event event : change.events()) {
                bytes += event.bytes();
            }
        }
        while (true) {
            Pending before = mailbox.get();
            Pending after = joined(before, changes, atRevision, events, bytes);
            if (mailbox.compareAndSet(before, after)) {
                if (before == null) {
                    loop.execute(this::drain);
                }
                return;
            }
        }
    }

    private Pending joined(@Nullable Pending before, List<RevisionEvents> changes,
            long atRevision, int events, long bytes) {
        if (changes.isEmpty() || (before != null && before.changes.isEmpty())) {
            return Pending.gap(atRevision);
        }
        int allEvents = events + (before == null ? 0 : before.events);
        long allBytes = bytes + (before == null ? 0 : before.bytes);
        boolean isFull = allEvents > limits.pendingEventsMax()
                || allBytes > limits.pendingBytesMax();
        return isFull
                ? Pending.gap(atRevision)
                : new Pending(before, changes, atRevision, allEvents, allBytes);
    }

    private void drain() {
        Pending newest = offering ? null : mailbox.getAndSet(null);
        if (newest == null) {
            return;
        }
        if (newest.changes.isEmpty()) {
            skipTo(newest.revision);
            publish();
            return;
        }
        List<Watch> concerned = new ArrayList<>();
        List<Pending> inOrder = new ArrayList<>();
        for (Pending commit = newest; commit != null; commit = commit.earlier) {
            inOrder.add(commit);
        }
        for (Pending commit : inOrder.reversed()) {
            gather(commit.changes, syncedIndex, concerned);
        }
        revision = newest.revision;
        offer(concerned, revision);
    }

    private void offer(List<Watch> concerned, long atRevision) {
        offering = true;
        try {
            for (Watch watch : concerned) {
                boolean taken = watch.offer(atRevision, limits.batchBytesMax());
                eventsTold += watch.toldCount();
                if (!taken) {
                    stall(watch);
                }
            }
        } finally {
            offering = false;
        }
        publish();
    }

    private static void gather(List<RevisionEvents> changes, WatchIndex index,
            List<Watch> concerned) {
        for (RevisionEvents change : changes) {
            for (Event event : change.events()) {
                index.forEach(event.keyValue().key(), watch -> {
                    if (watch.wants(event) && watch.gather(event)) {
                        concerned.add(watch);
                    }
                });
            }
        }
    }

    /** Past a gap: whoever was synced has it still to read. */
    private void skipTo(long toRevision) {
        long before = revision;
        revision = toRevision;
        for (Watch watch : List.copyOf(synced)) {
            leave(watch);
            watch.nextRevisionTo(before + 1);
            settle(watch);
        }
    }

    private void catchUp() {
        catchUpScheduled = false;
        if (unsynced.isEmpty()) {
            return; // They left meanwhile; so may the store have.
        }
        try (ReadView view = store.view()) {
            List<Watch> group = nextGroup(view.compactRevision());
            if (!group.isEmpty()) {
                catchUp(group, view);
            }
        }
        scheduleCatchUp();
    }

    /** The watchers whose turn it is, without those that came too late. */
    private List<Watch> nextGroup(long compactRevision) {
        List<Watch> group = new ArrayList<>();
        List<Watch> late = new ArrayList<>();
        Iterator<Watch> all = unsynced.iterator();
        while (all.hasNext() && group.size() + late.size() < limits.watchersPerStep()) {
            Watch watch = all.next();
            (watch.nextRevision() < compactRevision ? late : group).add(watch);
        }
        for (Watch watch : late) {
            if (watch.state() != State.ENDED) {
                cancel(watch);
                watch.compacted(compactRevision);
            }
        }
        group.removeIf(watch -> watch.state() == State.ENDED);
        return group;
    }

    private void catchUp(List<Watch> group, ReadView view) {
        long from = Long.MAX_VALUE;
        boolean withPrevious = false;
        WatchIndex index = new WatchIndex();
        for (Watch watch : group) {
            from = Math.min(from, watch.nextRevision());
            withPrevious |= watch.request().withPrevious();
            index.add(watch);
        }
        HistorySlice slice = view.history(from, limits.history());
        List<Watch> concerned = new ArrayList<>();
        gather(withPrevious ? withPrevious(slice.changes(), view) : slice.changes(), index,
                concerned);
        offer(concerned, view.revision());
        for (Watch watch : group) {
            if (watch.state() == State.UNSYNCED) {
                leave(watch);
                watch.nextRevisionTo(slice.nextRevision());
                settle(watch);
            }
        }
        publish();
    }

    private static List<RevisionEvents> withPrevious(List<RevisionEvents> changes,
            ReadView view) {
        List<RevisionEvents> complete = new ArrayList<>(changes.size());
        for (RevisionEvents change : changes) {
            List<Event> events = new ArrayList<>(change.events().size());
            for (Event event : change.events()) {
                Optional<KeyValue> before = view.before(event);
                events.add(event.withPrevious(before));
            }
            complete.add(new RevisionEvents(change.revision(), events));
        }
        return complete;
    }

    /** Puts a watcher that is in no set where its next revision says. */
    private void settle(Watch watch) {
        if (watch.nextRevision() > revision) {
            watch.become(State.SYNCED);
            synced.add(watch);
            syncedIndex.add(watch);
        } else {
            watch.become(State.UNSYNCED);
            unsynced.add(watch);
            scheduleCatchUp();
        }
    }

    private void stall(Watch watch) {
        if (watch.state() != State.ENDED) {
            leave(watch);
            watch.become(State.STALLED);
            stalled.add(watch);
        }
    }

    private void leave(Watch watch) {
        switch (watch.state()) {
            case SYNCED -> {
                synced.remove(watch);
                syncedIndex.remove(watch);
            }
            case UNSYNCED -> unsynced.remove(watch);
            case STALLED -> stalled.remove(watch);
            case ENDED -> {
            }
        }
    }

    private void scheduleCatchUp() {
        if (!catchUpScheduled && !unsynced.isEmpty()) {
            catchUpScheduled = true;
            loop.execute(this::catchUp);
        }
    }
}
