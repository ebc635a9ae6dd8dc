// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.DropReason;
import io.jangada.raft.RawNode;

/** Something that is asked of the core, and answered on the loop or by whoever stops it. */
interface Request {
    /** Asks {@code raw}, and answers. */
    void run(RawNode raw);

    /** Answers that it will not be asked. */
    void drop(DropReason reason);

    /** Whether it may not be refused for lack of room. */
    boolean mustRun();
}
