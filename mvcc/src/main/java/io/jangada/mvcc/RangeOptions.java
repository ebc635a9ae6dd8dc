// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/**
 * How to read a range.
 *
 * @param revision as of which revision; 0 or less for the latest
 * @param limit most key-values to return; 0 or less for all
 * @param content what of each key-value to return
 */
public record RangeOptions(long revision, long limit, Content content) {

    /** Everything at the latest revision. */
    public static final RangeOptions LATEST = new RangeOptions(0, 0, Content.KEYS_AND_VALUES);

    /** What of each key-value is returned. */
    public enum Content {
        /** Whole key-values. */
        KEYS_AND_VALUES,
        /** Key-values without value and lease. */
        KEYS,
        /** None, only their number. */
        COUNT
    }

    /** The same at {@code atRevision}. */
    public RangeOptions at(long atRevision) {
        return new RangeOptions(atRevision, limit, content);
    }

    /** The same with at most {@code keys} key-values. */
    public RangeOptions limitedTo(long keys) {
        return new RangeOptions(revision, keys, content);
    }

    /** The same, returning {@code wanted}. */
    public RangeOptions returning(Content wanted) {
        return new RangeOptions(revision, limit, wanted);
    }
}
