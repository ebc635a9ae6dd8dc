// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.explore.Member.Durable;
import io.jangada.raft.quorum.JointConfig;
import io.jangada.raft.tracker.TrackerConfig;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One state of one member: how to get there again, what the properties ask for, and the steps from
 * there that are known. A log is a list of numbers of entries, equal for equal entries only.
 */
final class Local {
    /** Where a step leads. */
    static final class Step {
        /** The number of the state after it. */
        final int next;
        /** The numbers of the messages sent, ascending. */
        final int[] sent;

        Step(int next, int... sent) {
            this.next = next;
            this.sent = sent;
        }
    }

    /** What it starts from. */
    final Durable base;
    /** The state before the last input; null at a start. */
    final @Nullable Local before;
    /** The input that led here. */
    final @Nullable Input input;
    /** How many writes followed it at once. */
    final int writes;

    final int term;
    final int durableTerm;
    final boolean leads;
    final boolean isWriting;
    final int commit;
    final int[] log;
    final int[] durableLog;
    final JointConfig voters;

    private Step[] steps = {};

    Local(Durable base, @Nullable Local before, @Nullable Input input, int writes, Member member,
            Table table) {
        this.base = base;
        this.before = before;
        this.input = input;
        this.writes = writes;
        var status = member.status();
        TrackerConfig config = status.config();
        term = Math.toIntExact(status.basic().hardState().term());
        durableTerm = Math.toIntExact(member.durable().hardState().term());
        leads = member.leads();
        isWriting = member.isWriting();
        commit = Math.toIntExact(status.basic().hardState().commit());
        log = table.entryNumbers(member.log());
        durableLog = table.entryNumbers(member.durable().log());
        voters = config.voters();
    }

    @Nullable
    Step known(int event) {
        return event < steps.length ? steps[event] : null;
    }

    void learn(int event, Step step) {
        if (event >= steps.length) {
            steps = Arrays.copyOf(steps, Math.max(event + 1, steps.length * 2));
        }
        steps[event] = step;
    }
}
