// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.Status;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.node.Node;
import io.jangada.raft.tracker.Progress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What a leader does for a member that has forgotten something: see {@link Suffrage}. The member says so
 * once a second, and each time the leader takes the next step, whichever it is: begin anew with finding
 * out what the member's log has; make it a learner; make it a voter once it has caught up. So nothing is
 * lost if the leader changes in between. Belongs to the node loop.
 */
final class Rejoin {
    private static final Logger LOGGER = System.getLogger(RaftNode.class.getName());
    private static final Bytes PREFIX = Bytes.utf8("jangada-rejoin:");

    private final GroupParts parts;
    private final Node node;
    private final Function<ConfChange, CompletableFuture<MembershipResult>> changeMembership;
    /** The losses for which the core has begun anew, by member, in the present leadership. */
    private final Map<Long, Long> begun = new HashMap<>();
    private boolean changing;

    Rejoin(GroupParts parts, Node node,
            Function<ConfChange, CompletableFuture<MembershipResult>> changeMembership) {
        this.parts = parts;
        this.node = node;
        this.changeMembership = changeMembership;
    }

    /** Another leads: the core forgets what it knew of the members' logs. */
    void leaderChanged() {
        begun.clear();
    }

    /** {@code peer} has said that it has forgotten something; this member may lead or not. */
    void heard(long peer, MemberRecord.Forgotten loss) {
        ConfState conf = parts.standing().confState();
        if (parts.standing().leader() != parts.memberId() || conf.isJoint() || changing) {
            return;
        }
        Long before = begun.put(peer, loss.token());
        if (before == null || before != loss.token()) {
            node.step(new LocalEvent.PeerForgot(peer));
        }
        if (!loss.wasVoter()) {
            return; // It has yet to hear, and to remember, what it was.
        }
        if (conf.voters().contains(peer)) {
            if (Suffrage.canSpare(peer, conf, this::isReachable)) {
                change(peer, ConfChangeType.ADD_LEARNER_NODE, Bytes.EMPTY);
            }
        } else if (conf.learners().contains(peer)) {
            CompletableFuture<?> unusedEnd = node.fullStatus().thenAccept(
                    status -> parts.nodeLoop().execute(() -> maybePromote(peer, loss, status)));
        }
    }

    private boolean isReachable(long id) {
        return id == parts.memberId() || parts.host().network().isConnected(id);
    }

    private void maybePromote(long peer, MemberRecord.Forgotten loss, Status status) {
        Progress progress = status.progress().get(peer);
        if (progress != null && !changing
                && progress.match() >= status.basic().hardState().commit()
                && parts.standing().leader() == parts.memberId()) {
            change(peer, ConfChangeType.ADD_NODE, context(loss.token()));
        }
    }

    private void change(long peer, ConfChangeType type, Bytes context) {
        LOGGER.log(Level.INFO, "a member that has forgotten something comes back group={0}"
                + " member={1} step={2}", parts.config().group(), Long.toHexString(peer), type);
        changing = true;
        CompletableFuture<?> unusedEnd = changeMembership
                .apply(new ConfChange.V2(ConfChangeTransition.AUTO,
                        List.of(new ConfChangeSingle(type, peer)), context))
                .whenComplete((ignored, failure) -> parts.nodeLoop()
                        .execute(() -> changing = false));
    }

    private static Bytes context(long token) {
        ByteBuffer context = ByteBuffer.allocate(PREFIX.size() + Long.BYTES);
        PREFIX.copyTo(context);
        return Bytes.copyOf(context.putLong(token).flip());
    }

    /**
     * A member becomes a voter again.
     *
     * @param token the loss that is made good
     */
    record Promotion(long member, long token) {}

    /** The promotion that {@code change} is; empty if it is another change. */
    static Optional<Promotion> promotion(ConfChange change) {
        Bytes context = change.context();
        int prefix = PREFIX.size();
        boolean isRejoin = context.size() == prefix + Long.BYTES
                && context.slice(0, prefix).equals(PREFIX) && change.changes().size() == 1
                && change.changes().getFirst().type() == ConfChangeType.ADD_NODE;
        return isRejoin
                ? Optional.of(new Promotion(change.changes().getFirst().nodeId(),
                        context.asByteBuffer().getLong(prefix)))
                : Optional.empty();
    }
}
