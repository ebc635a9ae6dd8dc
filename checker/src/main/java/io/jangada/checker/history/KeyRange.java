// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

/**
 * Which keys: one, or an interval, in etcd's words. Immutable.
 *
 * @param key the one key, or the first
 * @param end empty for the one key; a zero byte for all keys from {@code key} on; else the first key
 *        beyond
 */
public record KeyRange(Bytes key, Bytes end) {
    private static final Bytes ZERO = Bytes.of(new byte[1]);

    /** The one key {@code key}. */
    public static KeyRange of(Bytes key) {
        return new KeyRange(key, Bytes.EMPTY);
    }

    /** All keys. */
    public static KeyRange all() {
        return new KeyRange(ZERO, ZERO);
    }

    /** Whether it is one key. */
    public boolean isSingle() {
        return end.isEmpty();
    }

    /** Whether it has no upper end. */
    public boolean isOpen() {
        return end.equals(ZERO);
    }

    /** Whether {@code other} is in it. */
    public boolean contains(Bytes other) {
        if (end.isEmpty()) {
            return key.equals(other);
        }
        return key.compareTo(other) <= 0 && (isOpen() || other.compareTo(end) < 0);
    }

    @Override
    public String toString() {
        if (isSingle()) {
            return key.toString();
        }
        return isOpen() ? "[" + key + ", ...)" : "[" + key + ", " + end + ")";
    }
}
