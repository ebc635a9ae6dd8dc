// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.TransferOutcome;
import io.jangada.raft.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Hand-overs of leadership that have not ended. Belongs to the node loop. */
final class Transfers {
    private record Transfer(long to, long deadlineTick, CompletableFuture<TransferResult> future) {}

    private final List<Transfer> open = new ArrayList<>();

    /** Begins one; it ends when {@code to} leads, or at {@code deadlineTick}. */
    void begin(Node node, long to, long deadlineTick, CompletableFuture<TransferResult> future) {
        Transfer transfer = new Transfer(to, deadlineTick, future);
        open.add(transfer);
        node.transferLeader(to, outcome -> {
            switch (outcome) {
                case TransferOutcome.Accepted(long ignored) -> {
                }
                case TransferOutcome.Dropped(DropReason reason, long leader) -> {
                    open.remove(transfer);
                    future.complete(new TransferResult.Refused(reason, leader));
                }
            }
        });
    }

    void leaderChanged(long leader) {
        open.removeIf(one -> one.to() == leader
                && one.future().complete(new TransferResult.Transferred(leader)));
    }

    void tick(long nowTick, long leader) {
        open.removeIf(one -> one.deadlineTick() <= nowTick
                && one.future().complete(new TransferResult.TimedOut(leader)));
    }

    void stop() {
        open.forEach(one -> one.future()
                .complete(new TransferResult.Refused(DropReason.STOPPED, 0)));
        open.clear();
    }
}
