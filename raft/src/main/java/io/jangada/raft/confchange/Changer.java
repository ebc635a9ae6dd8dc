// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.tracker.Inflights;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressTracker;
import java.util.ArrayList;
import java.util.List;

/**
 * Works out the configuration that follows from one and a change (Raft thesis 4; etcd raft:
 * confchange.Changer). Works on copies: what it was given stays as it is, whatever happens. Owned by
 * the core's thread.
 *
 * @param from the configuration in force
 * @param lastIndex the last index of the log: where a new member is probed first
 * @param inflightMessagesMax the window of a new member, in appends
 * @param inflightBytesMax the window of a new member, in bytes; 0 for no limit
 */
public record Changer(Changed from, long lastIndex, int inflightMessagesMax,
        long inflightBytesMax) {

    /** Changes to what {@code tracker} has in force. */
    public static Changer of(ProgressTracker tracker, long lastIndex) {
        return new Changer(new Changed(tracker.config(), tracker.progressMap()), lastIndex,
                tracker.inflightMessagesMax(), tracker.inflightBytesMax());
    }

    /** Whatever {@code change} asks for: see {@link ConfChangePath}. */
    public Changed change(ConfChange change) throws ConfChangeException {
        return switch (ConfChangePath.of(change)) {
            case SIMPLE -> simple(change.changes());
            case ENTER_JOINT_AUTO_LEAVE -> enterJoint(true, change.changes());
            case ENTER_JOINT -> enterJoint(false, change.changes());
            case LEAVE_JOINT -> leaveJoint();
        };
    }

    /** At once; majorities before and after must overlap, so that one voter may differ (thesis 4.1). */
    public Changed simple(List<ConfChangeSingle> changes) throws ConfChangeException {
        if (from.config().isJoint()) {
            throw new ConfChangeException("can't apply simple config change in joint config");
        }
        Changed changed = applied(copy(), changes);
        if (differing(from.config().incoming(), changed.config().incoming()) > 1) {
            throw new ConfChangeException(
                    "more than one voter changed without entering joint config");
        }
        return checked(changed);
    }

    private static int differing(IdSet before, IdSet after) {
        int both = before.size() + after.size() - before.union(after).size();
        return before.size() + after.size() - 2 * both;
    }

    /** Into a joint configuration of what is in force and what is to come (Raft thesis 4.3). */
    public Changed enterJoint(boolean autoLeave, List<ConfChangeSingle> changes)
            throws ConfChangeException {
        if (from.config().isJoint()) {
            throw new ConfChangeException("config is already joint");
        }
        IdSet voters = from.config().incoming();
        if (voters.isEmpty()) {
            throw new ConfChangeException("can't make a zero-voter config joint");
        }
        Changed copy = copy();
        var joint = new Changed(copy.config().withVoters(voters, voters), copy.progress());
        Changed changed = applied(joint, changes);
        return checked(
                new Changed(changed.config().withAutoLeave(autoLeave), changed.progress()));
    }

    /** Out of the joint configuration: what was outgoing is gone. */
    public Changed leaveJoint() throws ConfChangeException {
        if (!from.config().isJoint()) {
            throw new ConfChangeException("can't leave a non-joint config");
        }
        var edit = new MemberEdit(copy(), this);
        edit.leaveJoint();
        return checked(edit.result());
    }

    private Changed copy() {
        return new Changed(from.config(), from.progress().copy());
    }

    private Changed applied(Changed copy, List<ConfChangeSingle> changes)
            throws ConfChangeException {
        var edit = new MemberEdit(copy, this);
        for (ConfChangeSingle change : changes) {
            edit.apply(change);
        }
        if (edit.result().config().incoming().isEmpty()) {
            throw new ConfChangeException("removed all voters");
        }
        return edit.result();
    }

    /** New members count as active, or a leader might step down before it has heard of them. */
    Progress newProgress(boolean learner) {
        var added = new Progress(Math.max(lastIndex, 1),
                new Inflights(inflightMessagesMax, inflightBytesMax), learner);
        added.setRecentActive(true);
        return added;
    }

    private static Changed checked(Changed changed) {
        ConfigRules.check(changed);
        return changed;
    }

    /**
     * Works out the configuration that was stored as {@code stored}.
     *
     * @throws ConfChangeException if no sequence of changes leads to it
     */
    public static Changed restore(ConfState stored, long lastIndex, int inflightMessagesMax,
            long inflightBytesMax) throws ConfChangeException {
        Changed now = Changed.NOBODY;
        for (ConfChangeSingle change : beforeJoint(stored)) {
            now = new Changer(now, lastIndex, inflightMessagesMax, inflightBytesMax)
                    .simple(List.of(change));
        }
        if (stored.isJoint()) {
            now = new Changer(now, lastIndex, inflightMessagesMax, inflightBytesMax)
                    .enterJoint(stored.autoLeave(), intoJoint(stored));
        }
        return now;
    }

    private static List<ConfChangeSingle> beforeJoint(ConfState stored) {
        var changes = new ArrayList<ConfChangeSingle>();
        if (stored.isJoint()) {
            addAll(changes, ConfChangeType.ADD_NODE, stored.votersOutgoing());
        } else {
            addAll(changes, ConfChangeType.ADD_NODE, stored.voters());
            addAll(changes, ConfChangeType.ADD_LEARNER_NODE, stored.learners());
        }
        return changes;
    }

    private static List<ConfChangeSingle> intoJoint(ConfState stored) {
        var changes = new ArrayList<ConfChangeSingle>();
        addAll(changes, ConfChangeType.REMOVE_NODE, stored.votersOutgoing());
        addAll(changes, ConfChangeType.ADD_NODE, stored.voters());
        addAll(changes, ConfChangeType.ADD_LEARNER_NODE, stored.learners());
        addAll(changes, ConfChangeType.ADD_LEARNER_NODE, stored.learnersNext());
        return changes;
    }

    private static void addAll(List<ConfChangeSingle> changes, ConfChangeType type,
            List<Long> ids) {
        for (long id : ids) {
            changes.add(new ConfChangeSingle(type, id));
        }
    }
}
