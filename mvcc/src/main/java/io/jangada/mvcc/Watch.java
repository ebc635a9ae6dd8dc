// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.ArrayList;
import java.util.List;

/** A watcher registered with a hub. Belongs to the hub's loop. */
public final class Watch {
    /** Where a watcher stands. */
    enum State {
        /** Has been offered everything that the hub has seen; gets events as they come. */
        SYNCED,
        /** Reads from history to catch up. */
        UNSYNCED,
        /** Declined a batch; waits for {@link #resume}. */
        STALLED,
        /** Over. */
        ENDED
    }

    private final WatchHub hub;
    private final WatchRequest request;
    private final WatchListener listener;
    private List<Event> gathered = new ArrayList<>();
    private int toldCount;
    /** Not offered yet, as far as it is of interest; while synced, the hub's revision counts too. */
    private long nextRevision;
    private State state = State.UNSYNCED;

    Watch(WatchHub hub, WatchRequest request, WatchListener listener, long nextRevision) {
        this.hub = hub;
        this.request = request;
        this.listener = listener;
        this.nextRevision = nextRevision;
    }

    /** What it watches. */
    public WatchRequest request() {
        return request;
    }

    /** Whether it has taken everything up to {@link WatchHub#revision}. */
    public boolean isSynced() {
        return state == State.SYNCED;
    }

    /** Ends it: the listener is not called again. Idempotent. */
    public void cancel() {
        hub.cancel(this);
    }

    /** Tells that its listener takes batches again. Without effect if none was declined. */
    public void resume() {
        hub.resume(this);
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    long nextRevision() {
        return nextRevision;
    }

    void nextRevisionTo(long revision) {
        nextRevision = Math.max(nextRevision, revision);
    }

    boolean wants(Event event) {
        return event.revision() >= nextRevision && !request.suppressed().contains(event.type());
    }

    /** Keeps {@code event} for the next {@link #offer}; returns whether it is the first. */
    boolean gather(Event event) {
        gathered.add(event);
        return gathered.size() == 1;
    }

    /** How many events the last {@link #offer} has told. */
    int toldCount() {
        return toldCount;
    }

    /**
     * Offers what was gathered, in batches of whole revisions, each of which ends once it has {@code batchBytesMax}. The
     * watcher is set back to the first revision that it declines. Returns whether it has taken all.
     */
    boolean offer(long revision, long batchBytesMax) {
        List<Event> events = gathered;
        gathered = new ArrayList<>();
        toldCount = 0;
        int begin = 0;
        while (begin < events.size() && state != State.ENDED) { // A listener called before may cancel it.
            int end = batchEnd(events, begin, batchBytesMax);
            nextRevisionTo(events.get(begin).revision());
            if (!listener.offer(new WatchBatch(events.subList(begin, end), revision))) {
                return false;
            }
            nextRevisionTo(events.get(end - 1).revision() + 1);
            begin = end;
            toldCount = end;
        }
        return begin == events.size();
    }

    private static int batchEnd(List<Event> events, int begin, long bytesMax) {
        long bytes = 0;
        int end = begin;
        while (end < events.size() && (bytes < bytesMax
                || events.get(end).revision() == events.get(end - 1).revision())) {
            bytes += events.get(end).bytes();
            end++;
        }
        return end;
    }

    void compacted(long compactRevision) {
        listener.compacted(compactRevision);
    }
}
