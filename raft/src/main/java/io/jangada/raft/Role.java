// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;

/**
 * What a member does while it follows, campaigns or leads. {@link Raft} has checked the terms before a
 * role sees a message; roles are entered only through {@code Raft.becomeX}:
 *
 * <pre>
 *   Follower ──timeout──▶ Candidate (pre-vote) ──won──▶ Candidate ──won──▶ Leader
 *       ▲                       │lost                      │lost             │ higher term,
 *       └───────────────────────┴──────────────────────────┴─────────────────┘ no quorum, removed
 * </pre>
 *
 * <p>A message that a role does not expect is late, not wrong: by default it is ignored.
 */
sealed interface Role permits Follower, Candidate, Leader {
    RoleName name();

    /** One tick has passed. */
    void tick();

    ProposeOutcome propose(Message.Propose proposal);

    ReadOutcome readIndex(long from, Bytes context);

    TransferOutcome transferTo(long target);

    StepOutcome handleAppend(Message.AppendRequest message);

    StepOutcome handleHeartbeat(Message.Heartbeat message);

    StepOutcome handleSnapshot(Message.InstallSnapshot message);

    default StepOutcome handleAppendResponse(Message.AppendResponse ignored) {
        return StepOutcome.ACCEPTED;
    }

    default StepOutcome handleAppendReject(Message.AppendReject ignored) {
        return StepOutcome.ACCEPTED;
    }

    default StepOutcome handleHeartbeatResponse(Message.HeartbeatResponse ignored) {
        return StepOutcome.ACCEPTED;
    }

    default StepOutcome handleReadIndexResponse(Message.ReadIndexResponse ignored) {
        return StepOutcome.ACCEPTED;
    }

    default StepOutcome handleTimeoutNow(Message.TimeoutNow ignored) {
        return StepOutcome.ACCEPTED;
    }

    default void handleVote(VoteKind kind, long from, boolean granted) {}

    default void handleUnreachable(long peer) {}

    default void handlePeerForgot(long peer) {}

    default void handleSnapshotReport(long peer, boolean delivered) {}

    default void forgetLeader() {}
}
