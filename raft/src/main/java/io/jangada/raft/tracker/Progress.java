// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

/**
 * How far one member's log is, as its leader knows (Raft thesis 3.5, 10.2.1; etcd raft: Progress).
 *
 * <p>Invariants: {@code match < next}; in state snapshot {@code next} is behind the snapshot. Owned by
 * the core's thread.
 */
public final class Progress {
    private long match;
    private long next;
    private ProgressState state = ProgressState.PROBE;
    private long pendingSnapshot;
    private long sentCommit;
    private boolean recentActive;
    private boolean flowPaused;
    /** Whether the member has denied to have what matches, since it was last heard to be there. */
    private boolean denied;
    private boolean learner;
    private Inflights inflights;

    /**
     * Of a member of which nothing is known yet.
     *
     * @param next the index of the first entry to send
     */
    public Progress(long next, Inflights inflights, boolean learner) {
        this.next = next;
        this.inflights = inflights;
        this.learner = learner;
    }

    /** A copy that changes on its own. */
    public Progress copy() {
        var copy = new Progress(next, inflights.copy(), learner);
        copy.match = match;
        copy.state = state;
        copy.pendingSnapshot = pendingSnapshot;
        copy.sentCommit = sentCommit;
        copy.recentActive = recentActive;
        copy.flowPaused = flowPaused;
        copy.denied = denied;
        return copy;
    }

    /** The highest index known to be in the member's log, and equal to ours. */
    public long match() {
        return match;
    }

    /** The index of the first entry to send. */
    public long next() {
        return next;
    }

    /** How the leader sends. */
    public ProgressState state() {
        return state;
    }

    /** The index of the snapshot on its way; 0 if there is none. */
    public long pendingSnapshot() {
        return pendingSnapshot;
    }

    /** The highest commit index that was sent and not lost, as far as known. */
    public long sentCommit() {
        return sentCommit;
    }

    /** Whether the member was heard since the last check of the quorum. */
    public boolean isRecentActive() {
        return recentActive;
    }

    /** Sets {@link #isRecentActive}. */
    public void setRecentActive(boolean active) {
        recentActive = active;
    }

    /** Whether nothing more is sent until the member answers. */
    public boolean isFlowPaused() {
        return flowPaused;
    }

    /** Sets {@link #isFlowPaused}. */
    public void setFlowPaused(boolean paused) {
        flowPaused = paused;
        denied &= paused;
    }

    /** Whether the member does not vote. */
    public boolean isLearner() {
        return learner;
    }

    /** Sets {@link #isLearner}. */
    public void setLearner(boolean isLearner) {
        learner = isLearner;
    }

    /** The window of appends under way; it replaces itself with the state. */
    public Inflights inflights() {
        return inflights;
    }

    /** Whether no append is to be sent. */
    public boolean isPaused() {
        return switch (state) {
            case PROBE, REPLICATE -> flowPaused;
            case SNAPSHOT -> true;
        };
    }

    /** One append at a time, from what is known to match, or from behind the snapshot sent. */
    public void becomeProbe() {
        long last = state == ProgressState.SNAPSHOT ? Math.max(match, pendingSnapshot) : match;
        enter(ProgressState.PROBE);
        next = last + 1;
        sentCommit = Math.min(sentCommit, next - 1);
    }

    /** Appends follow each other, from what is known to match. */
    public void becomeReplicate() {
        enter(ProgressState.REPLICATE);
        next = match + 1;
    }

    /**
     * The member has lost what it had: nothing is known to match, and a probe asks where its log ends.
     *
     * @param last the last index of the leader's log
     */
    public void forget(long last) {
        enter(ProgressState.PROBE);
        match = 0;
        next = last + 1;
        sentCommit = 0;
    }

    /** A snapshot of {@code index} goes out. */
    public void becomeSnapshot(long index) {
        enter(ProgressState.SNAPSHOT);
        pendingSnapshot = index;
        next = index + 1;
        sentCommit = index;
    }

    private void enter(ProgressState entered) {
        flowPaused = false;
        pendingSnapshot = 0;
        state = entered;
        inflights = inflights.emptied();
    }

    /** The snapshot did not arrive. */
    public void forgetPendingSnapshot() {
        pendingSnapshot = 0;
    }

    /**
     * An append was sent. While replicating, {@link #next} moves on at once and a full window pauses;
     * a probe with entries pauses by itself.
     *
     * @param count how many entries
     * @param payloadBytes their payload
     * @throws IllegalStateException if a snapshot is on its way
     */
    public void sentEntries(int count, long payloadBytes) {
        switch (state) {
            case REPLICATE -> {
                if (count > 0) {
                    next += count;
                    inflights.add(next - 1, payloadBytes);
                }
                flowPaused = inflights.isFull();
            }
            case PROBE -> flowPaused |= count > 0;
            case SNAPSHOT -> throw new IllegalStateException(
                    count + " entries sent while snapshot " + pendingSnapshot + " is pending");
        }
    }

    /** Whether sending the commit index {@code index} tells the member something that it can use. */
    public boolean canBumpCommit(long index) {
        return index > sentCommit && sentCommit < next - 1;
    }

    /** The commit index {@code commit} was sent. */
    public void sentCommit(long commit) {
        sentCommit = commit;
    }

    /**
     * The member has everything up to {@code index}.
     *
     * @return whether that is news
     */
    public boolean maybeUpdate(long index) {
        if (index <= match) {
            return false;
        }
        match = index;
        next = Math.max(next, index + 1);
        flowPaused = false;
        return true;
    }

    /**
     * The member has refused an append.
     *
     * @param rejected the index of the entry before those refused
     * @param hint the highest index that may match
     * @return whether {@link #next} goes down; not if the answer is an old one
     */
    public boolean maybeDecreaseTo(long rejected, long hint) {
        if (state == ProgressState.REPLICATE) {
            if (rejected <= match) {
                return false;
            }
            next = match + 1;
        } else {
            if (next - 1 != rejected) {
                return false;
            }
            if (rejected == match && match > 0) {
                if (denied) {
                    return false; // It has lost what it had: to ask again at once would never end.
                }
                denied = true;
            }
            next = Math.max(Math.min(rejected, hint + 1), match + 1);
            flowPaused = false;
        }
        sentCommit = Math.min(sentCommit, next - 1);
        return true;
    }

    /** As etcd's logs show it: {@code StateProbe match=1 next=2 learner paused}. */
    @Override
    public String toString() {
        var text = new StringBuilder(64);
        text.append(switch (state) {
            case PROBE -> "StateProbe";
            case REPLICATE -> "StateReplicate";
            case SNAPSHOT -> "StateSnapshot";
        });
        text.append(" match=").append(match).append(" next=").append(next);
        text.append(learner ? " learner" : "").append(isPaused() ? " paused" : "");
        if (pendingSnapshot > 0) {
            text.append(" pendingSnap=").append(pendingSnapshot);
        }
        text.append(recentActive ? "" : " inactive");
        if (inflights.count() > 0) {
            text.append(" inflight=").append(inflights.count());
            text.append(inflights.isFull() ? "[full]" : "");
        }
        return text.toString();
    }
}
