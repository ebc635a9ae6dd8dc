// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.ConfChangeRefusal;
import io.jangada.raft.DropReason;
import io.jangada.raft.RaftTracer;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.tracker.TrackerConfig;

/** How a change of membership ends that is not made. Immutable. */
record ChangeEndings() implements PendingProposals.Endings<MembershipResult> {

    @Override
    public MembershipResult refused(DropReason reason, long leader) {
        return new MembershipResult.Refused(reason, leader);
    }

    @Override
    public MembershipResult unknown(UnknownCause cause, long leader) {
        return new MembershipResult.Unknown(cause);
    }

    /**
     * Ends what the core refuses as a leader, which it tells its tracer alone. Called by the node loop.
     *
     * @param member this member
     * @param changes its changes of membership
     */
    record Refusals(long member, PendingProposals<MembershipResult> changes)
            implements
                RaftTracer {
        @Override
        public void confChangeRefused(ConfChange change, TrackerConfig inForce,
                ConfChangeRefusal refusal) {
            ConfChangeEntries.envelope(change)
                    .filter(envelope -> envelope.proposer() == member)
                    .ifPresent(envelope -> changes.end(envelope.sequence(),
                            new MembershipResult.Invalid(explain(refusal))));
        }

        private static String explain(ConfChangeRefusal refusal) {
            return switch (refusal) {
                case ConfChangeRefusal.Pending(long index, long applied) ->
                    "a change may be in the log up to index " + index + ", applied is " + applied;
                case ConfChangeRefusal.MustLeaveJoint() ->
                    "the joint configuration has to be left first";
                case ConfChangeRefusal.NotJoint() -> "there is no joint configuration to leave";
                case ConfChangeRefusal.Impossible(String explanation) -> explanation;
            };
        }
    }
}
