// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Response;
import io.jangada.server.apply.ApplyResult;
import io.jangada.server.error.EtcdError;
import io.jangada.simulation.wire.EtcdWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of requests whose clients were not told, as the world knows it from what was applied. A history with that is
 * right only if the one that clients know is, and leaves the checker nothing to try: without it, there is no end to the
 * possibilities where many were told nothing.
 */
final class Hindsight {
    /** By the number that a proposal carries. */
    private final Map<Long, Response> outcomes = new HashMap<>();
    /** By operation, the number of its proposal. */
    private final Map<Integer, Long> untold = new HashMap<>();
    private long lastNumber;

    /** For one more proposal; never 0. */
    long number() {
        return ++lastNumber;
    }

    /** The cluster has applied {@code request}. */
    void applied(InternalRaftRequest request, ApplyResult result) {
        if (request.getHeader().getID() != 0) {
            outcomes.putIfAbsent(request.getHeader().getID(), switch (result) {
                case ApplyResult.Done(MessageLite response, long revision) ->
                    EtcdWords.response(response, revision);
                case ApplyResult.Rejected(EtcdError error) -> Translation.failure(error);
            });
        }
    }

    /** Nobody was told what became of {@code operation}, which changes something and was proposed under {@code number}. */
    void untold(Operation operation, long number) {
        untold.put(operation.id(), number);
    }

    /** {@code told} with what became of everything, when nothing more is applied. */
    History of(History told, long nowNanos) {
        List<Operation> operations = new ArrayList<>();
        for (Operation each : told.operations()) {
            Long number = untold.get(each.id());
            operations.add(number == null
                    ? each
                    : new Operation(each.id(), each.client(), each.callNanos(), nowNanos,
                            each.request(), outcomes.getOrDefault(number,
                                    new Response.Refused(Response.Reason.OTHER))));
        }
        return new History(told.initial(), told.omitted(), operations, told.watches());
    }
}
