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
    /** By member, when it was last seen to lead: then it asks itself. */
    private final Map<Long, Long> led = new HashMap<>();

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

    /** {@code member} leads. */
    void leads(long member) {
        led.put(member, clock.nanos());
    }

    /** {@code member} serves a read that came to it at {@code cameNanos}. */
    void served(long member, long cameNanos) {
        if (answered.getOrDefault(member, -1L) < cameNanos
                && led.getOrDefault(member, -1L) < cameNanos) {
            throw new Violation("reads are asked for",
                    "member " + member + " serves a read that came "
                            + (clock.nanos() - cameNanos) / 1e9
                            + " s ago, and has no answer to what it asked since");
        }
    }
}
