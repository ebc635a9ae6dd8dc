// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raftnode.RaftStatus;
import java.util.Optional;

/** What can be seen of members from outside. */
interface Sight {
    /** How the member stands, as of its last piece of work but for what it sends now; empty if no process runs. */
    Optional<RaftStatus> status(long member);

    /**
     * What the member's log would hold if its machine crashed now and lost all that is not forced; empty if its disk
     * has lost something else besides.
     *
     * @throws Violation if nobody could read it
     */
    Optional<DurableLog> afterCrash(long member);
}
