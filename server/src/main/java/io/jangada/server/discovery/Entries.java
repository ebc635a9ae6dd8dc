// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import io.jangada.api.mvcc.KeyValue;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who has entered himself, in the order in which they did: the first {@code size} of them are the cluster.
 * Immutable.
 *
 * @param size how many members the cluster is to have
 * @param revision of the registry at which this is so
 * @param inOrder what was entered, the oldest first
 */
record Entries(int size, long revision, List<KeyValue> inOrder) {
    Entries {
        inOrder = inOrder.stream().filter(entry -> entry.getValue().toStringUtf8().contains("="))
                .sorted(Comparator.comparingLong(KeyValue::getCreateRevision)).toList();
    }

    /** Whether there is no place left for the one who enters himself as {@code key}. */
    boolean isFullWithout(String key) {
        return isComplete() && cluster().stream()
                .noneMatch(entry -> entry.getKey().toStringUtf8().equals(key));
    }

    /** Whether nobody is missing. */
    boolean isComplete() {
        return inOrder.size() >= size;
    }

    /** Once nobody is missing: all members in the form of {@code --initial-cluster}. */
    String initialCluster() {
        return cluster().stream().map(entry -> entry.getValue().toStringUtf8().strip())
                .collect(Collectors.joining(","));
    }

    private List<KeyValue> cluster() {
        return inOrder.subList(0, size);
    }
}
