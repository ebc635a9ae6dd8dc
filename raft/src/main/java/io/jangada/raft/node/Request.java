// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.DropReason;
import io.jangada.raft.RawNode;
import java.util.function.Consumer;

/**
 * Something that is asked of the core, and answered on the loop or by whoever refuses it. Immutable.
 *
 * @param question asks the core, and answers; on the loop
 * @param refusal answers that it will not be asked, and why
 * @param mustRun whether it may not be refused for lack of room
 */
record Request(Consumer<RawNode> question, Consumer<DropReason> refusal, boolean mustRun) {
    /** May be refused. */
    static Request refusable(Consumer<RawNode> question, Consumer<DropReason> refusal) {
        return new Request(question, refusal, false);
    }

    /** Is refused by a node that is stopped only. */
    static Request certain(Consumer<RawNode> question, Consumer<DropReason> refusal) {
        return new Request(question, refusal, true);
    }
}
