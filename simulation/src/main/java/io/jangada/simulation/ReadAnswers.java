// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether a read at a follower waits until the leader has answered what the follower asked after the read came: an
 * earlier answer may lack what was committed in between (Raft thesis 6.4).
 */
final class ReadAnswers {
    private final Clock clock;
    /** By context, when the question left. */
    private final Map<Bytes, Long> asked = new HashMap<>();
    /** By member, when the latest question left that is answered. */
    private final Map<Long, Long> answered = new HashMap<>();

    ReadAnswers(Clock clock) {
        this.clock = clock;
    }

    /** {@code message} leaves its sender. */
    void sent(Message message) {
        if (message instanceof Message.ReadIndexRequest one) {
            asked.putIfAbsent(one.context(), clock.nanos());
        }
    }

    /** {@code message} has come to its recipient. */
    void arrived(Message message) {
        if (message instanceof Message.ReadIndexResponse one) {
            answered.merge(one.to(), asked.getOrDefault(one.context(), 0L), Math::max);
        }
    }

    /** Whether {@code member} has an answer to what it asked after {@code cameNanos}. */
    boolean isAnswered(long member, long cameNanos) {
        return answered.getOrDefault(member, -1L) >= cameNanos;
    }
}
