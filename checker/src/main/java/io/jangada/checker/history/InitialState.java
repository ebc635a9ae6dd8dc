// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.List;

/**
 * The store as the history finds it. Immutable.
 *
 * @param revision its revision; an empty store of etcd's is at 1
 * @param kvs its keys
 */
public record InitialState(long revision, List<KeyValue> kvs) {
    /** An empty store. */
    public static final InitialState EMPTY = new InitialState(1, List.of());

    /** Copies the list. Throws if the revision is negative or a key is newer. */
    public InitialState {
        kvs = List.copyOf(kvs);
        if (revision < 0) {
            throw new IllegalArgumentException("negative revision " + revision);
        }
        for (KeyValue kv : kvs) {
            if (kv.modRevision() > revision || !kv.isPresent()) {
                throw new IllegalArgumentException("key of revision " + kv.modRevision()
                        + " in a store of revision " + revision);
            }
        }
    }
}
