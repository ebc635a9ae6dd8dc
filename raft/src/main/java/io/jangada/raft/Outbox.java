// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import io.jangada.raft.model.Invariant;

import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages that the core has to say: those that may leave at once, and those that promise what
 * must be durable before (etcd raft: msgs and msgsAfterAppend). Owned by the core's thread.
 *
 * <p>Every vote and every answer to an append waits, refusals included, and only what waits may be
 * addressed to this member itself: a leader's own disk is acknowledged like any other voter's.
 */
final class Outbox {
    private final long self;
    private final List<Message> immediate = new ArrayList<>();
    private final List<Message> afterAppend = new ArrayList<>();

    Outbox(long self) {
        this.self = self;
    }

    /** {@code message} may leave at once. */
    void send(Message message) {
        Invariant.check(message.to() != self, "message to itself would overtake storage", self,
                message.term());
        immediate.add(message);
    }

    /** {@code message} leaves once everything that is unstable now is durable. */
    void sendAfterAppend(Message message) {
        afterAppend.add(message);
    }

    boolean isEmpty() {
        return immediate.isEmpty() && afterAppend.isEmpty();
    }

    /**
     * Lets go of what waits, since whoever takes the messages will save before it sends: those to other
     * members go behind the immediate ones, those to this member into {@code own}.
     */
    void release(List<Message> own) {
        for (int i = 0; i < afterAppend.size(); i++) {
            Message message = afterAppend.get(i);
            (message.to() == self ? own : immediate).add(message);
        }
        afterAppend.clear();
    }

    List<Message> takeImmediate() {
        return take(immediate);
    }

    List<Message> takeAfterAppend() {
        return take(afterAppend);
    }

    private static List<Message> take(List<Message> messages) {
        List<Message> taken = List.copyOf(messages);
        messages.clear();
        return taken;
    }
}
