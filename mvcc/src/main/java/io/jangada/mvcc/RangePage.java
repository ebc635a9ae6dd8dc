// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.List;

/**
 * The beginning of a range. Immutable.
 *
 * @param keyValues in ascending order of keys
 * @param hasMore whether the range has more of them
 */
public record RangePage(List<KeyValue> keyValues, boolean hasMore) {
    /** Copies the list. */
    public RangePage {
        keyValues = List.copyOf(keyValues);
    }
}
