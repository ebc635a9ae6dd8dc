// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import java.util.concurrent.Executor;

/**
 * Members in one process, connected without sockets: a {@link Network} for each, whose messages go
 * through the codec and are delivered as tasks of the recipient's executor, in the order in which
 * they were sent. With executors that are deterministic, so is everything here. Links can be cut,
 * one direction at a time. Thread-safe.
 */
public final class LoopbackHub {

    /** A hub without members. */
    public LoopbackHub() {}

    /**
     * The network of a member. Peers need not be added: every member of the hub is reachable while
     * it is started; {@link Network#removePeer} refuses one.
     *
     * @param member the member's id; never 0, and not in use
     * @param executor runs what is delivered to the member, in order, one task at a time
     */
    public Network join(long member, Executor executor) {
        if (member == 0) {
            throw new IllegalArgumentException("member id 0 means nobody");
        }
        throw new UnsupportedOperationException();
    }

    /** Drops everything from {@code from} to {@code to} until {@link #heal}. */
    public void cut(long from, long to) {}

    /** Cuts {@code member} off in both directions, from all members of today and tomorrow. */
    public void isolate(long member) {}

    /** Restores all links. */
    public void heal() {}
}
