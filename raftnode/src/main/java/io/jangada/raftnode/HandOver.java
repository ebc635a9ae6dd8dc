// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.Status;
import io.jangada.raft.node.Node;
import java.util.concurrent.CompletableFuture;

/**
 * What a leader does before its member stops: hands over to the voter that has most of the log, among
 * those that are there (Raft thesis 3.10). Over when another leads, or as soon as nobody is left who
 * could: members that stop together do not wait for each other. Belongs to the node loop, but for
 * {@link #over}.
 */
final class HandOver {
    private final GroupParts parts;
    private final Node node;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private boolean begun;
    private long target;

    HandOver(GroupParts parts, Node node) {
        this.parts = parts;
        this.node = node;
    }

    /** Completed by the node loop; any thread. */
    CompletableFuture<Void> over() {
        return over;
    }

    void begin() {
        begun = true;
        look();
    }

    /** To be called at each tick, and when the leader has changed. */
    void look() {
        if (!begun || over.isDone()) {
            return;
        }
        long leader = parts.standing().leader();
        boolean targetIsThere = target != 0 && isConnected(target);
        if (leader == parts.memberId()) {
            if (!targetIsThere) {
                choose();
            }
        } else if (leader != 0 || !targetIsThere) {
            end();
        }
    }

    void end() {
        over.complete(null);
    }

    private void choose() {
        CompletableFuture<?> unusedEnd = node.fullStatus().whenComplete((core, failure) -> {
            target = failure == null ? best(core) : 0;
            if (target == 0) {
                end();
            } else {
                node.transferLeader(target, ignored -> {}); // What comes of it is seen by looking.
            }
        });
    }

    private long best(Status core) {
        long best = 0;
        long match = -1;
        for (var peer : core.progress().entrySet()) {
            if (core.config().isVoter(peer.getKey()) && peer.getKey() != parts.memberId()
                    && peer.getValue().isRecentActive() && isConnected(peer.getKey())
                    && peer.getValue().match() > match) {
                best = peer.getKey();
                match = peer.getValue().match();
            }
        }
        return best;
    }

    private boolean isConnected(long peer) {
        return parts.host().network().isConnected(peer);
    }
}
