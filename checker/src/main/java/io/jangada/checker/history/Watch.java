// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.List;

/**
 * A watcher and all that it was told, in the order of arrival. One that was broken off and continued
 * is two: the second starts at the revision after the last that the first was told. Immutable.
 *
 * @param id its number in the history
 * @param client whose it is
 * @param callNanos when it was asked for
 * @param request what it wants
 * @param responses what it was told
 */
public record Watch(int id, long client, long callNanos, WatchRequest request,
        List<WatchResponse> responses) {
    /** Copies the list. */
    public Watch {
        responses = List.copyOf(responses);
    }
}
