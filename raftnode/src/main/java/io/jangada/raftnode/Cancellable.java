// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** Something that was scheduled and may still be called off. Thread-safe. */
@FunctionalInterface
public interface Cancellable {
    /** Calls it off; does nothing if it has run or was called off. */
    void cancel();
}
