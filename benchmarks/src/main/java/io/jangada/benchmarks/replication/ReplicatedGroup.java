// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.IOException;

/**
 * Three members of one system in this JVM, with a leader; every proposal has the same payload. Proposals and their ends
 * are for any thread; {@link #close} blocks.
 */
interface ReplicatedGroup extends AutoCloseable {
    /** Proposes the payload to the leader. */
    void propose(Completion completion);

    /** How many proposals the state machine of each of the members has counted; the leader's is the first. */
    long[] applied();

    /** Stops all members. The files stay. */
    @Override
    void close() throws IOException;
}
