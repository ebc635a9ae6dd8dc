// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * This member's own reads that it has sent to the leader. The question or the answer may get lost, and
 * the leader may be deposed without a word, so each is given up when another leader, or another term
 * of the same one, is known, and after an election timeout at the latest: every read that was taken ends
 * once, as answered or as dropped. (etcd raft forgets them.) Bounded by the configuration. Owned by the
 * core's thread.
 */
final class ForwardedReads {
    private record Asked(Bytes context, long tick) {}

    private final Raft raft;
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    private long tick;

    ForwardedReads(Raft raft) {
        this.raft = raft;
    }

    /** Remembers a read. Whether there was room. */
    boolean add(Bytes context) {
        if (asked.size() >= raft.config().pendingReadsMax()) {
            return false;
        }
        asked.add(new Asked(context, tick));
        return true;
    }

    /** An answer has come. Whether it is one to a read that has not ended. */
    boolean answered(Bytes context) {
        Iterator<Asked> each = asked.iterator();
        while (each.hasNext()) { // Answers come in order, so that it is mostly the first.
            if (each.next().context.equals(context)) {
                each.remove();
                return true;
            }
        }
        return false;
    }

    /** One tick has passed. */
    void tick() {
        tick++;
        int timeoutTicks = raft.config().electionTimeoutTicks();
        while (!asked.isEmpty() && asked.element().tick + timeoutTicks <= tick) {
            raft.addDroppedRead(new DroppedRead(asked.remove().context, DropReason.NO_ANSWER));
        }
    }

    /** Whoever was asked does not lead any more, or not in the same term. */
    void leaderChanged() {
        while (!asked.isEmpty()) {
            raft.addDroppedRead(
                    new DroppedRead(asked.remove().context, DropReason.LEADER_CHANGED));
        }
    }
}
