// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.model.Message;

/** What can happen to one member. */
sealed interface Input {
    /** A message arrives, for the first time or again. */
    record Deliver(Message message) implements Input {}

    /** Its election timer runs out. */
    record Campaign() implements Input {}

    /** It is asked to log an entry. */
    record Propose() implements Input {}

    /** It is asked for the change of the scope. */
    record Change() implements Input {}

    /** The leader's heartbeat timer runs out. */
    record Heartbeat() implements Input {}

    /** The oldest write that was handed out is done. */
    record Written() implements Input {}

    /** It stops, loses what is not written, and starts again. */
    record Crash() implements Input {}
}
