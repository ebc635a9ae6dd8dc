// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Gathers a history, operation by operation as they end. Belongs to one thread. */
public final class HistoryBuilder {
    private final InitialState initial;
    private final List<Operation> operations = new ArrayList<>();
    private final List<WatchRecorder> watches = new ArrayList<>();

    HistoryBuilder(InitialState initial) {
        this.initial = initial;
    }

    /**
     * Adds an operation that ended, with a {@link Response.Refused} if it certainly did nothing.
     *
     * @return the operation, with the number that it has got
     * @throws IllegalArgumentException if the response is none to the request, or before it
     */
    public Operation add(long client, long callNanos, long returnNanos, Request request,
            Response response) {
        Operation added = new Operation(operations.size(), client, callNanos, returnNanos, request,
                response);
        operations.add(added);
        return added;
    }

    /** Adds an operation whose outcome nobody knows, or that has not ended. */
    public Operation addUnknown(long client, long callNanos, Request request) {
        return add(client, callNanos, Operation.NEVER, request, new Response.Unknown());
    }

    /** Adds a watcher, which is then told of each response as it comes. */
    public WatchRecorder watch(long client, long callNanos, WatchRequest request) {
        WatchRecorder added = new WatchRecorder(watches.size(), client, callNanos, request);
        watches.add(added);
        return added;
    }

    /** How many operations there are so far. */
    public int operationCount() {
        return operations.size();
    }

    /** The history so far; more can be added afterwards. */
    public History build() {
        return new History(initial, Set.of(), operations,
                watches.stream().map(WatchRecorder::watch).toList());
    }
}
