// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A configuration written down as a table of members and their marks, and the rules of its changes one
 * after the other: what {@code Changer} is compared with.
 */
final class NaiveConfig {
    /** What a member is. */
    static final class Marks {
        boolean incoming;
        boolean outgoing;
        boolean learner;
        boolean learnerNext;
        /** Whether its progress began with this change. */
        boolean fresh = true;

        private Marks copy() {
            var copy = new Marks();
            copy.incoming = incoming;
            copy.outgoing = outgoing;
            copy.learner = learner;
            copy.learnerNext = learnerNext;
            copy.fresh = false;
            return copy;
        }
    }

    final TreeMap<Long, Marks> members = new TreeMap<>();
    private boolean autoLeave;

    private NaiveConfig copy() {
        var copy = new NaiveConfig();
        members.forEach((id, marks) -> copy.members.put(id, marks.copy()));
        copy.autoLeave = autoLeave;
        return copy;
    }

    private boolean isJoint() {
        return members.values().stream().anyMatch(marks -> marks.outgoing);
    }

    private boolean hasVoters() {
        return members.values().stream().anyMatch(marks -> marks.incoming);
    }

    NaiveConfig simple(List<ConfChangeSingle> changes) throws ConfChangeException {
        if (isJoint()) {
            throw new ConfChangeException("can't apply simple config change in joint config");
        }
        NaiveConfig after = copy().with(changes);
        int differing = 0;
        for (long id = 0; id < 10; id++) {
            differing += isIncoming(id) == after.isIncoming(id) ? 0 : 1;
        }
        if (differing > 1) {
            throw new ConfChangeException(
                    "more than one voter changed without entering joint config");
        }
        return after;
    }

    private boolean isIncoming(long id) {
        return members.containsKey(id) && members.get(id).incoming;
    }

    NaiveConfig enterJoint(boolean leavesByItself, List<ConfChangeSingle> changes)
            throws ConfChangeException {
        if (isJoint()) {
            throw new ConfChangeException("config is already joint");
        }
        if (!hasVoters()) {
            throw new ConfChangeException("can't make a zero-voter config joint");
        }
        NaiveConfig after = copy();
        after.members.values().forEach(marks -> marks.outgoing = marks.incoming);
        after.with(changes).autoLeave = leavesByItself;
        return after;
    }

    NaiveConfig leaveJoint() throws ConfChangeException {
        if (!isJoint()) {
            throw new ConfChangeException("can't leave a non-joint config");
        }
        NaiveConfig after = copy();
        after.autoLeave = false;
        for (Marks marks : after.members.values()) {
            marks.learner |= marks.learnerNext;
            marks.learnerNext = false;
            marks.outgoing = false;
        }
        after.members.values().removeIf(marks -> !marks.incoming && !marks.learner);
        return after;
    }

    private NaiveConfig with(List<ConfChangeSingle> changes) throws ConfChangeException {
        for (ConfChangeSingle change : changes) {
            if (change.nodeId() != 0) {
                apply(change);
            }
        }
        if (!hasVoters()) {
            throw new ConfChangeException("removed all voters");
        }
        return this;
    }

    private void apply(ConfChangeSingle change) {
        long id = change.nodeId();
        switch (change.type()) {
            case ADD_NODE -> become(id, true, false, false);
            case ADD_LEARNER_NODE -> {
                boolean stillVotes = members.containsKey(id) && members.get(id).outgoing;
                boolean learnsAlready = members.containsKey(id) && members.get(id).learner;
                become(id, false, learnsAlready || !stillVotes, !learnsAlready && stillVotes);
            }
            case REMOVE_NODE -> {
                if (members.containsKey(id)) {
                    become(id, false, false, false);
                    members.values().removeIf(marks -> !marks.incoming && !marks.outgoing
                            && !marks.learner);
                }
            }
            case UPDATE_NODE -> {
            }
        }
    }

    private void become(long id, boolean incoming, boolean learner, boolean learnerNext) {
        Marks marks = members.computeIfAbsent(id, ignored -> new Marks());
        marks.incoming = incoming;
        marks.learner = learner;
        marks.learnerNext = learnerNext;
    }

    ConfState confState() {
        var voters = new ArrayList<Long>();
        var learners = new ArrayList<Long>();
        var outgoing = new ArrayList<Long>();
        var next = new ArrayList<Long>();
        members.forEach((id, marks) -> {
            add(voters, id, marks.incoming);
            add(learners, id, marks.learner);
            add(outgoing, id, marks.outgoing);
            add(next, id, marks.learnerNext);
        });
        return new ConfState(voters, learners, outgoing, next, autoLeave);
    }

    private static void add(List<Long> ids, long id, boolean isOne) {
        if (isOne) {
            ids.add(id);
        }
    }
}
