// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Counts proposals, so that columns with different numbers of them in flight compare. */
@AuxCounters
@State(Scope.Thread)
public class Applied {
    /** Proposals that were applied by every member. */
    public long applied;

    /** For JMH. */
    public Applied() {}

    /** Starts an iteration. */
    @Setup(Level.Iteration)
    public void reset() {
        applied = 0;
    }
}
