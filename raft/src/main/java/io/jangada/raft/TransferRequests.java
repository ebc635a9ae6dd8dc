// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * The hand-overs that this member's application has asked for, whoever leads, until it is known how they
 * ended (Raft thesis 3.10). Requests for the same target are one. Bounded; owned by the core's thread.
 */
final class TransferRequests {
    static final int COUNT_MAX = 16;

    private record Open(long target, long leader, long term, long deadlineTick) {}

    private final Raft raft;
    private final List<Open> open = new ArrayList<>();
    private List<TransferEnd> ended = new ArrayList<>();
    private long tick;

    TransferRequests(Raft raft) {
        this.raft = raft;
    }

    /** Asks the leader, which may be this member. */
    TransferOutcome begin(long target) {
        if (open.size() >= COUNT_MAX) {
            return new TransferOutcome.Dropped(DropReason.OVERLOADED, raft.leader());
        }
        // May end an earlier one first, as replaced.
        TransferOutcome outcome = raft.role().transferTo(target);
        if (outcome instanceof TransferOutcome.Accepted && !isOpen(target)) {
            // The leader gives it up after one timeout, and a new one is heard soon, or not at all.
            long deadline = tick + 2L * raft.config().electionTimeoutTicks();
            open.add(new Open(target, raft.leader(), raft.term(), deadline));
        }
        return outcome;
    }

    private boolean isOpen(long target) {
        return open.stream().anyMatch(one -> one.target == target);
    }

    /** One tick has passed. */
    void tick() {
        tick++;
        if (!open.isEmpty()) {
            open.removeIf(one -> one.deadlineTick <= tick
                    && end(one, TransferEnd.Result.TIMED_OUT));
        }
    }

    /** Somebody is known to lead the term. */
    void leaderKnown(long leader) {
        if (!open.isEmpty()) {
            open.removeIf(one -> one.target == leader
                    ? end(one, TransferEnd.Result.TRANSFERRED)
                    : (one.leader != leader || one.term != raft.term())
                            && end(one, TransferEnd.Result.OTHER_LEADER));
        }
    }

    /** This leader has given the transfer to {@code target} up. */
    void abandoned(long target, TransferEnd.Result why) {
        open.removeIf(one -> one.target == target && end(one, why));
    }

    private boolean end(Open one, TransferEnd.Result result) {
        return ended.add(new TransferEnd(one.target, result, raft.leader()));
    }

    /** Those that have ended since this was last asked. */
    List<TransferEnd> takeEnded() {
        if (ended.isEmpty()) {
            return List.of();
        }
        List<TransferEnd> taken = ended;
        ended = new ArrayList<>();
        return taken;
    }
}
