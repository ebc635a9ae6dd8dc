// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;

/** Mistakes that implementations of Raft have made. */
final class Faults {
    private Faults() {}

    /** A vote is not on disk when it is given. */
    static final class ForgetsVotes implements Fault {
        @Override
        public HardState written(HardState state) {
            return new HardState(state.term(), 0, state.commit());
        }
    }

    /** The term is not on disk when it is used. */
    static final class ForgetsTerms implements Fault {
        @Override
        public HardState written(HardState state) {
            return HardState.EMPTY;
        }
    }

    /** Entries are acknowledged and not on disk. */
    static final class AcknowledgesUnwritten implements Fault {
        @Override
        public boolean writesEntries() {
            return false;
        }
    }

    /** A vote is given whatever the candidate's log lacks. */
    static final class IgnoresLogsOfCandidates implements Fault {
        @Override
        public Message received(Message message) {
            return message instanceof Message.VoteRequest m
                    ? new Message.VoteRequest(m.from(), m.to(), m.term(), new EntryId(9, 9),
                            m.transfer())
                    : message;
        }
    }

    /** A leader takes an entry of an earlier term for committed once a quorum has it. */
    static final class CommitsByCounting implements Fault {
        private long acknowledged;

        @Override
        public Message received(Message message) {
            if (message instanceof Message.AppendResponse m) {
                acknowledged = Math.max(acknowledged, m.index());
            }
            return message;
        }

        @Override
        public Message sent(Message message) {
            return message instanceof Message.Heartbeat m
                    ? new Message.Heartbeat(m.from(), m.to(), m.term(),
                            Math.max(m.commit(), acknowledged), m.readPosition())
                    : message;
        }
    }

    /** Leaders tell followers to commit what they themselves have committed, known to match or not. */
    static final class HeartbeatsWithFullCommit implements Fault {
        private long committed;

        @Override
        public Message sent(Message message) {
            if (message instanceof Message.AppendRequest m) {
                committed = Math.max(committed, m.commit());
            }
            return message instanceof Message.Heartbeat m
                    ? new Message.Heartbeat(m.from(), m.to(), m.term(), committed,
                            m.readPosition())
                    : message;
        }
    }
}
