// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/**
 * What a {@link SessionStateMachine} answers. For {@link Session}, which makes a {@link SessionResult} of
 * it, and for those who propose {@link SessionStateMachine#plain plain commands}.
 *
 * @param <R> what the state machine behind it answers
 */
public sealed interface SessionAnswer<R> {

    /**
     * The command's result, now or from the first time it was applied.
     *
     * @param result the state machine's answer
     */
    record Answered<R>(R result) implements SessionAnswer<R> {}

    /**
     * A session lives.
     *
     * @param session its id, the index of the entry that opened it
     */
    record Alive<R>(long session) implements SessionAnswer<R> {}

    /** There is no such session any more. Nothing was applied. */
    record Expired<R>() implements SessionAnswer<R> {}

    /** The session has told that it has this answer: it is kept no longer. Nothing was applied. */
    record Forgotten<R>() implements SessionAnswer<R> {}

    /** No command of a known format. Nothing was applied. */
    record Malformed<R>() implements SessionAnswer<R> {}
}
