// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.TransferEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Who wants to hear how a transfer ends that the core has accepted. Owned by the loop. */
final class TransferWaiters {
    private record Waiter(long target, Consumer<? super TransferEnd> end) {}

    private final List<Waiter> waiters = new ArrayList<>();

    void add(long target, Consumer<? super TransferEnd> end) {
        waiters.add(new Waiter(target, end));
    }

    /** Requests for one target are one transfer to the core: all of them end with it. */
    void tell(List<TransferEnd> ends) {
        for (TransferEnd end : ends) {
            List<Waiter> told = waiters.stream()
                    .filter(waiter -> waiter.target == end.target()).toList();
            waiters.removeAll(told);
            told.forEach(waiter -> waiter.end.accept(end));
        }
    }

    /** The node is stopped: nobody will know. */
    void stop(long leader) {
        List<Waiter> told = List.copyOf(waiters);
        waiters.clear();
        told.forEach(waiter -> waiter.end.accept(
                new TransferEnd(waiter.target, TransferEnd.Result.STOPPED, leader)));
    }
}
