// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.List;

/**
 * What a range holds. Immutable.
 *
 * @param keyValues in ascending order of keys, at most as many as the limit
 * @param count the number of keys in the range, whatever the limit
 * @param hasMore whether the limit left some out
 */
public record RangeResult(List<KeyValue> keyValues, long count, boolean hasMore) {
    /** Copies the list. */
    public RangeResult {
        keyValues = List.copyOf(keyValues);
    }
}
