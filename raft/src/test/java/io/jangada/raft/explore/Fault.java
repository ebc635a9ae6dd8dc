// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;

/** A mistake put around a correct core, to see that the exploration finds it. One for each member. */
interface Fault {
    Fault NONE = new Fault() {};

    /** What the core gets to see of a message. */
    default Message received(Message message) {
        return message;
    }

    /** What leaves in place of a message. */
    default Message sent(Message message) {
        return message;
    }

    /** What reaches the disk of a hard state. */
    default HardState written(HardState state) {
        return state;
    }

    /** Whether entries reach the disk. */
    default boolean writesEntries() {
        return true;
    }
}
