// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * How a query of the state machine ended.
 *
 * @param <T> what the query answers
 */
public sealed interface QueryResult<T extends @Nullable Object> {

    /**
     * The query has run.
     *
     * @param value what it answered
     * @param index the machine had the effects of all entries up to here, at least
     */
    record Answered<T extends @Nullable Object>(T value, long index) implements QueryResult<T> {}

    /**
     * What this member has is not new enough, or the member stops. The query has not run; asking again
     * is safe.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     */
    record Refused<T extends @Nullable Object>(DropReason reason, long leader)
            implements
                QueryResult<T> {}
}
