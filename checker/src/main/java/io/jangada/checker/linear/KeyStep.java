// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.KeyValue;

/** What part of an operation concerns one key. Immutable. */
public sealed interface KeyStep {
    /**
     * Writes it.
     *
     * @param value the value
     * @param lease the lease, or 0
     */
    record Write(Bytes value, long lease) implements KeyStep {}

    /** Removes it, if it is there. */
    record Remove() implements KeyStep {}

    /**
     * Removes it, if it is attached to a lease.
     *
     * @param lease which
     */
    record RemoveLeased(long lease) implements KeyStep {}

    /**
     * Shows it: revisions are not looked at.
     *
     * @param kv the version shown, {@link KeyValue#NONE} if the key was not there
     */
    record Show(KeyValue kv) implements KeyStep {}

    /**
     * Held for it.
     *
     * @param compare what held; never one on revisions
     */
    record Held(Compare compare) implements KeyStep {}
}
