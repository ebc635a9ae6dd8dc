// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of keys as granted: intervals that are sorted, disjoint and merged where they touch, so that a
 * range lies in the set exactly if it lies in one of them. Immutable.
 */
final class KeyRanges {
    private static final Comparator<ByteString> ORDER = ByteString
            .unsignedLexicographicalComparator();
    private static final ByteString ZERO = ByteString.copyFrom(new byte[]{0});

    private final List<Interval> merged;

    /** [begin, end); an empty end is beyond every key. */
    private record Interval(ByteString begin, ByteString end) {
        /* A range whose end is not after its key has no keys: it stands for its key, so that nobody
         * asks for free. */
        static Interval of(ByteString key, ByteString rangeEnd) {
            if (rangeEnd.equals(ZERO)) {
                return new Interval(key, ByteString.EMPTY);
            }
            return ORDER.compare(key, rangeEnd) < 0
                    ? new Interval(key, rangeEnd)
                    : new Interval(key, key.concat(ZERO));
        }

        boolean reaches(ByteString other) {
            return end.isEmpty() || (!other.isEmpty() && ORDER.compare(end, other) >= 0);
        }
    }

    private KeyRanges(List<Interval> merged) {
        this.merged = List.copyOf(merged);
    }

    /** The keys that {@code permissions} name, whatever their kind. */
    static KeyRanges of(List<Permission> permissions) {
        List<Interval> sorted = permissions.stream()
                .map(one -> Interval.of(one.getKey(), one.getRangeEnd()))
                .sorted(Comparator.comparing(Interval::begin, ORDER)).toList();
        List<Interval> merged = new ArrayList<>();
        for (Interval next : sorted) {
            Interval last = merged.isEmpty() ? null : merged.getLast();
            if (last == null || !last.reaches(next.begin)) {
                merged.add(next);
            } else if (!last.reaches(next.end)) {
                merged.set(merged.size() - 1, new Interval(last.begin, next.end));
            }
        }
        return new KeyRanges(merged);
    }

    /** Whether every key that a request with {@code key} and {@code rangeEnd} names is in the set. */
    boolean covers(ByteString key, ByteString rangeEnd) {
        Interval asked = Interval.of(key, rangeEnd);
        int low = 0;
        int high = merged.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ORDER.compare(merged.get(middle).begin, asked.begin) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && merged.get(low - 1).reaches(asked.end);
    }
}
