// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this member, and its peers, have promised in a group. Immutable; belongs to the node loop, but for what says otherwise.
 *
 * @param parts the group
 * @param suffrage whether this member may vote
 * @param rejoin what is done for peers that have forgotten something
 */
record GroupPromises(GroupParts parts, Suffrage suffrage, Rejoin rejoin) {

    /** The group's number; any thread. */
    long group() {
        return parts.config().group();
    }

    /** The members it knows of, this one perhaps included. */
    Set<Long> members() {
        ConfState conf = parts.standing().confState();
        Set<Long> members = new TreeSet<>(conf.voters());
        members.addAll(conf.votersOutgoing());
        members.addAll(conf.learners());
        members.addAll(conf.learnersNext());
        if (members.isEmpty()) {
            parts.config().members().forEach(one -> members.add(one.id()));
        }
        return members;
    }

    /** The term and the last index that are durable here. */
    EntryId durable() {
        return new EntryId(parts.storage().initialState().hardState().term(),
                parts.storage().lastIndex());
    }

    /** Whether this member leads, and {@code peer} votes. */
    boolean leadsVoter(long peer) {
        return parts.standing().leader() == parts.memberId()
                && parts.standing().confState().voters().contains(peer);
    }

    /** {@code change} is about to be in force; any thread. */
    void changing(ConfChange change) {
        Rejoin.promotion(change)
                .ifPresent(found -> suffrage.peerPromoted(found.member(), found.token()));
    }

    /** {@code change} is applied; any thread. */
    void changed(ConfChange change) {
        Rejoin.promotion(change).filter(found -> found.member() == parts.memberId())
                .ifPresent(found -> parts.nodeLoop()
                        .execute(() -> suffrage.promoted(found.token())));
    }
}
