// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.BasicStatus;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadOutcome;
import io.jangada.raft.Status;
import io.jangada.raft.TransferOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** SKELETON: all methods from any thread, none blocks; callbacks run on the loop. */
public final class Node {
    public Node(RawNode raw, Executor loop, NodeLimits limits, ReadyHandler handler) { throw new UnsupportedOperationException("" + raw + loop + limits + handler); }
    /** First look for a Ready, e.g. after a restart. */
    public void start() { throw new UnsupportedOperationException(); }
    public void propose(Bytes data, Consumer<? super ProposeOutcome> outcome) { throw new UnsupportedOperationException(); }
    public void proposeConfChange(ConfChange change, Consumer<? super ProposeOutcome> outcome) { throw new UnsupportedOperationException(); }
    /** False if the message was dropped: full or stopped. */
    public boolean step(Message message) { throw new UnsupportedOperationException(); }
    /** Never dropped (except after stop). */
    public void step(LocalEvent event) { throw new UnsupportedOperationException(); }
    public void tick() { throw new UnsupportedOperationException(); }
    public CompletableFuture<ConfState> applyConfChange(ConfChange change) { throw new UnsupportedOperationException(); }
    public void transferLeader(long target, Consumer<? super TransferOutcome> outcome) { throw new UnsupportedOperationException(); }
    public void readIndex(Bytes context, Consumer<? super ReadOutcome> outcome) { throw new UnsupportedOperationException(); }
    /** Synchronous mode: the Ready is dealt with. */
    public void advance() { throw new UnsupportedOperationException(); }
    public BasicStatus basicStatus() { throw new UnsupportedOperationException(); }
    public CompletableFuture<Status> status() { throw new UnsupportedOperationException(); }
    public long droppedMessages() { throw new UnsupportedOperationException(); }
    public long droppedTicks() { throw new UnsupportedOperationException(); }
    public void stop() { throw new UnsupportedOperationException(); }
}
