// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;

/** Whether a linearizable read may be served here now (Raft thesis 6.4). */
public sealed interface ReadResult {

    /**
     * The state machine here has all that was committed when the read was asked for.
     *
     * @param index up to which it was waited for
     */
    record Ready(long index) implements ReadResult {}

    /**
     * No quorum confirmed in time, or the member stops. Reading again is safe.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     */
    record Refused(DropReason reason, long leader) implements ReadResult {}
}
