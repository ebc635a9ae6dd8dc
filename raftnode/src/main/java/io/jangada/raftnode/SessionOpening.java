// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;

/**
 * How the opening of a session ended.
 *
 * @param <R> what the state machine answers
 */
public sealed interface SessionOpening<R> {

    /**
     * It is there.
     *
     * @param session takes calls
     */
    record Opened<R>(Session<R> session) implements SessionOpening<R> {}

    /**
     * Not opened.
     *
     * @param reason why
     * @param retry whether it may succeed here later
     * @param leader who leads, as far as known; 0 for none
     */
    record Refused<R>(DropReason reason, boolean retry, long leader)
            implements
                SessionOpening<R> {}

    /**
     * There may be a session that nobody has; it expires. Opening another one does no harm.
     *
     * @param cause why it is not known
     * @param leader who leads, as far as known; 0 for none
     */
    record Unknown<R>(UnknownCause cause, long leader) implements SessionOpening<R> {}
}
