// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressMap;
import io.jangada.raft.tracker.TrackerConfig;
import java.util.Optional;

/** Applies single changes, one after the other, to a configuration that it owns. */
final class MemberEdit {
    private final Changer changer;
    private TrackerConfig config;
    private ProgressMap progress;

    MemberEdit(Changed owned, Changer changer) {
        this.changer = changer;
        config = owned.config();
        progress = owned.progress();
    }

    Changed result() {
        return new Changed(config, progress);
    }

    void apply(ConfChangeSingle change) {
        long id = change.nodeId();
        if (id == 0) {
            return; // An application takes a step out of a committed change by naming nobody.
        }
        switch (change.type()) {
            case ADD_NODE -> makeVoter(id);
            case ADD_LEARNER_NODE -> makeLearner(id);
            case REMOVE_NODE -> remove(id);
            case UPDATE_NODE -> {
            }
        }
    }

    private void makeVoter(long id) {
        Optional<Progress> known = progress.progress(id);
        if (known.isEmpty()) {
            progress = progress.with(id, changer.newProgress(false));
        } else {
            known.get().setLearner(false);
        }
        takeOut(id);
        config = config.withVoters(config.incoming().with(id), config.outgoing());
    }

    /**
     * An outgoing voter still votes, and voters and learners must not overlap, so that it becomes a
     * learner only when the joint configuration is left.
     */
    private void makeLearner(long id) {
        Optional<Progress> known = progress.progress(id);
        if (known.isPresent() && config.learners().contains(id)) {
            return;
        }
        takeOut(id);
        if (config.outgoing().contains(id)) {
            config = config.withLearners(config.learners(), config.learnersNext().with(id));
            return;
        }
        if (known.isEmpty()) {
            progress = progress.with(id, changer.newProgress(true));
        } else {
            known.get().setLearner(true);
        }
        config = config.withLearners(config.learners().with(id), config.learnersNext());
    }

    private void remove(long id) {
        takeOut(id);
        if (!config.outgoing().contains(id)) {
            progress = progress.without(id);
        }
    }

    private void takeOut(long id) {
        config = config.withVoters(config.incoming().without(id), config.outgoing())
                .withLearners(config.learners().without(id), config.learnersNext().without(id));
    }

    void leaveJoint() {
        IdSet outgoing = config.outgoing();
        IdSet next = config.learnersNext();
        for (int i = 0; i < next.size(); i++) {
            progress.progress(next.at(i)).ifPresent(late -> late.setLearner(true));
        }
        config = config.withLearners(config.learners().union(next), IdSet.EMPTY)
                .withVoters(config.incoming(), IdSet.EMPTY).withAutoLeave(false);
        for (int i = 0; i < outgoing.size(); i++) {
            long id = outgoing.at(i);
            if (!config.isVoter(id) && !config.learners().contains(id)) {
                progress = progress.without(id);
            }
        }
    }
}
