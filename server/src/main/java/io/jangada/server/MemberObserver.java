// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.raft.RoleName;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raftnode.RaftObserver;
import io.jangada.server.lease.LeaseKeeper;
import io.jangada.server.metrics.ServerMetrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member does about what its group goes through. On the loops of the group.
 *
 * @param self this member
 * @param leases whose time the leader watches
 * @param metrics what is counted
 * @param removed this member was removed
 * @param failed the group has stopped by a failure
 */
record MemberObserver(long self, LeaseKeeper leases, ServerMetrics metrics, Runnable removed,
        Consumer<Throwable> failed) implements RaftObserver {

    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdServer.class);

    @Override
    public void membershipChanged(ConfState confState, Optional<ConfChange> change) {
        LOGGER.info("membership changed {}", told(confState));
        if (change.stream().flatMap(one -> one.changes().stream()).anyMatch(
                one -> one.type() == ConfChangeType.REMOVE_NODE && one.nodeId() == self)) {
            removed.run();
        }
    }

    /** As operators know members: {@code voters=8e9e05c52164694d,... learners=...}, and what is under way. */
    static String told(ConfState members) {
        StringBuilder text = new StringBuilder("voters=").append(ids(members.voters()));
        append("learners", members.learners(), text);
        append("voters-outgoing", members.votersOutgoing(), text);
        append("learners-next", members.learnersNext(), text);
        return text.toString();
    }

    private static void append(String name, List<Long> ids, StringBuilder text) {
        if (!ids.isEmpty()) {
            text.append(' ').append(name).append('=').append(ids(ids));
        }
    }

    private static String ids(List<Long> ids) {
        return ids.stream().map(Long::toHexString).collect(Collectors.joining(","));
    }

    @Override
    public void removedBy(long peer) {
        removed.run();
    }

    @Override
    public void leaderChanged(long leader, long term) {
        metrics.leaderChanged();
        LOGGER.info("leader changed leader={} term={}", Long.toHexString(leader), term);
    }

    @Override
    public void roleChanged(RoleName role, long term) {
        LOGGER.info("role changed role={} term={}", role, term);
        leases.leadershipChanged();
    }

    @Override
    public void stopped(Optional<Throwable> failure) {
        failure.ifPresent(failed);
    }
}
