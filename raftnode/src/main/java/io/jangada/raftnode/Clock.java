// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** Time as it passes, for measuring only: it has no relation to the time of day. Thread-safe. */
@FunctionalInterface
public interface Clock {
    /** Nanoseconds since some moment; never goes back. */
    long nanos();
}
