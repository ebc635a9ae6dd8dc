// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.RoleName;
import io.jangada.raft.Status;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.TrackerConfig;
import java.util.function.LongPredicate;

/**
 * A group at one moment, as this member's core has it, which knows how the others are if it leads.
 * Immutable.
 *
 * @param member this member
 * @param core the core
 * @param counts whether messages to a peer can leave, and what it confirms counts: it has forgotten nothing
 * @param isRemoved whether a peer says that this member was removed
 * @param nowTick the time
 */
record MembershipView(long member, Status core, LongPredicate counts, boolean isRemoved,
        long nowTick) {

    boolean leads() {
        return core.basic().softState().role() == RoleName.LEADER;
    }

    long leader() {
        return core.basic().softState().leader();
    }

    TrackerConfig config() {
        return core.config();
    }

    boolean isLearner(long id) {
        return config().learners().contains(id) || config().learnersNext().contains(id);
    }

    boolean isMember(long id) {
        return config().isVoter(id) || isLearner(id);
    }

    /** Whether {@code id} takes part now: it has answered lately, can be sent to, and has forgotten nothing. */
    boolean isActive(long id) {
        Progress progress = core.progress().get(id);
        return id == member
                || (progress != null && progress.isRecentActive() && counts.test(id));
    }

    /** How many of {@code voters} are active. */
    long active(IdSet voters) {
        return voters.toList().stream().filter(this::isActive).count();
    }

    /** Up to which index {@code id} has the log, as it has said; -1 if it is unknown. */
    long match(long id) {
        Progress progress = core.progress().get(id);
        return progress == null ? -1 : progress.match();
    }

    long lastIndex() {
        return core.basic().last().index();
    }
}
