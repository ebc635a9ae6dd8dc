// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;

/**
 * How an attempt at a call of a session ended.
 *
 * @param <R> what the state machine answers
 */
public sealed interface SessionResult<R> {

    /**
     * Applied, exactly once, whichever attempt it was.
     *
     * @param result the state machine's answer
     */
    record Applied<R>(R result) implements SessionResult<R> {}

    /**
     * This attempt is certainly not in the log. The call may be attempted again.
     *
     * @param reason why
     * @param retry whether the same may succeed here later
     * @param leader who leads, as far as known; 0 for none
     */
    record Refused<R>(DropReason reason, boolean retry, long leader)
            implements
                SessionResult<R> {}

    /**
     * It may have been applied, or be applied later, or never. The call may be attempted again, on any
     * member: it is applied once.
     *
     * @param cause why it is not known
     * @param leader who leads, as far as known; 0 for none
     */
    record Unknown<R>(UnknownCause cause, long leader) implements SessionResult<R> {}

    /**
     * The session was idle for too long, or gave way to others, or was closed: it takes no calls any more.
     *
     * @param open whether an earlier attempt ended as unknown: it may have been applied before the session
     *     expired; if not, the call was certainly not applied
     */
    record Expired<R>(boolean open) implements SessionResult<R> {}
}
