// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.quorum.Vote;
import io.jangada.raft.quorum.VoteResult;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * The configuration in force, the progress of its members and the votes of an election (etcd raft:
 * ProgressTracker).
 *
 * <p>Invariant: each member of the configuration has a progress, and nobody else. Owned by the core's
 * thread.
 */
public final class ProgressTracker {
    private final int inflightMessagesMax;
    private final long inflightBytesMax;
    // Made once, as commit() is on the hot path.
    private final LongUnaryOperator matchOf = this::match;
    private final LongFunction<Vote> activityOf = this::activity;
    private final LongFunction<Vote> voteOf = this::vote;
    private TrackerConfig config = TrackerConfig.EMPTY;
    private ProgressMap progress = ProgressMap.EMPTY;
    private long[] ids = {};
    private long[] voterIds = {};
    private long[] scratch = {};
    private IdSet granted = IdSet.EMPTY;
    private IdSet refused = IdSet.EMPTY;

    /**
     * Without members.
     *
     * @param inflightMessagesMax the appends under way that fill a member's window
     * @param inflightBytesMax the payload under way that fills a member's window; 0 for no limit
     */
    public ProgressTracker(int inflightMessagesMax, long inflightBytesMax) {
        this.inflightMessagesMax = inflightMessagesMax;
        this.inflightBytesMax = inflightBytesMax;
    }

    /** The appends under way that fill a member's window. */
    public int inflightMessagesMax() {
        return inflightMessagesMax;
    }

    /** The payload under way that fills a member's window; 0 for no limit. */
    public long inflightBytesMax() {
        return inflightBytesMax;
    }

    /** The configuration in force. */
    public TrackerConfig config() {
        return config;
    }

    /** The progress of all members. */
    public ProgressMap progressMap() {
        return progress;
    }

    /** The progress of {@code id}, if it is a member. */
    public Optional<Progress> progress(long id) {
        return progress.progress(id);
    }

    /** All members, ascending. Not to be changed; a new configuration has a new array. */
    public long[] ids() {
        return ids;
    }

    /** The voters of both halves, ascending. Not to be changed; a new configuration has a new array. */
    public long[] voterIds() {
        return voterIds;
    }

    /** Puts {@code next} in force with {@code members}, whose progress objects are taken over. */
    public void switchTo(TrackerConfig next, ProgressMap members) {
        config = next;
        progress = members;
        ids = progress.ids().toArray();
        voterIds = config.voters().voters().toArray();
        scratch = new long[Math.max(config.incoming().size(), config.outgoing().size())];
    }

    /**
     * Forgets what the last leader knew: logs may have changed since.
     *
     * @param lastIndex the last index of this member's own log
     * @param self this member
     */
    public void resetProgress(long lastIndex, long self) {
        for (int i = 0; i < ids.length; i++) {
            var fresh = new Progress(lastIndex + 1,
                    new Inflights(inflightMessagesMax, inflightBytesMax),
                    progress.at(i).isLearner());
            if (ids[i] == self) {
                fresh.maybeUpdate(lastIndex);
            }
            progress.replace(i, fresh);
        }
    }

    /** The largest index that a quorum has: a candidate for the commit index (Raft thesis 3.6.2). */
    public long committed() {
        return config.voters().committedIndex(matchOf, scratch);
    }

    private long match(long id) {
        int at = progress.ids().position(id);
        return at < 0 ? 0 : progress.at(at).match();
    }

    /** Whether a quorum was heard since the last time that activity was cleared. */
    public boolean isQuorumActive() {
        return config.voters().voteResult(activityOf) == VoteResult.WON;
    }

    private Vote activity(long id) {
        int at = progress.ids().position(id);
        return at >= 0 && progress.at(at).isRecentActive() ? Vote.GRANTED : Vote.REFUSED;
    }

    /** Forgets all votes. */
    public void resetVotes() {
        granted = IdSet.EMPTY;
        refused = IdSet.EMPTY;
    }

    /** The answer of {@code id}; only its first one counts. */
    public void recordVote(long id, boolean isGranted) {
        if (vote(id) != Vote.MISSING) {
            return;
        }
        if (isGranted) {
            granted = granted.with(id);
        } else {
            refused = refused.with(id);
        }
    }

    private Vote vote(long id) {
        if (granted.contains(id)) {
            return Vote.GRANTED;
        }
        return refused.contains(id) ? Vote.REFUSED : Vote.MISSING;
    }

    /** How the election stands. */
    public Tally tally() {
        return new Tally(countVoters(granted), countVoters(refused),
                config.voters().voteResult(voteOf));
    }

    /** Of members only: one that was removed since may have answered. */
    private int countVoters(IdSet answered) {
        int count = 0;
        for (int i = 0; i < ids.length; i++) {
            if (!progress.at(i).isLearner() && answered.contains(ids[i])) {
                count++;
            }
        }
        return count;
    }
}
