// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.tracker.ProgressMap;
import io.jangada.raft.tracker.TrackerConfig;

/** What holds in every configuration, checked after each change (etcd raft: checkInvariants). */
final class ConfigRules {
    private ConfigRules() {}

    /** @throws IllegalStateException if a rule is broken: a defect of ours */
    static void check(Changed changed) {
        TrackerConfig config = changed.config();
        ProgressMap progress = changed.progress();
        IdSet members = config.voters().voters().union(config.learners())
                .union(config.learnersNext());
        require(members.equals(progress.ids()), "each member has a progress, nobody else", config);
        for (int i = 0; i < progress.size(); i++) {
            require(progress.at(i).isLearner() == config.learners().contains(members.at(i)),
                    "learners, and only they, are marked so", config);
        }
        for (int i = 0; i < config.learners().size(); i++) {
            require(!config.isVoter(config.learners().at(i)), "learners do not vote", config);
        }
        for (int i = 0; i < config.learnersNext().size(); i++) {
            require(config.outgoing().contains(config.learnersNext().at(i)),
                    "learners to be are outgoing voters", config);
        }
        require(config.isJoint() || (config.learnersNext().isEmpty() && !config.autoLeave()),
                "only a joint configuration is to be left", config);
    }

    private static void require(boolean holds, String rule, TrackerConfig config) {
        if (!holds) {
            throw new IllegalStateException(rule + ": " + config);
        }
    }
}
