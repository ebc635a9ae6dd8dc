// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

/**
 * A condition of a transaction. Immutable.
 *
 * @param range the keys, all of which must satisfy it; an empty interval counts as one missing key
 * @param target what of a key is looked at
 * @param relation how it must relate
 * @param number what a version, revision or lease is compared with
 * @param value what a value is compared with
 */
public record Compare(KeyRange range, Target target, Relation relation, long number, Bytes value) {
    /** What is looked at. */
    public enum Target {
        /** How often the key was written since its creation. */
        VERSION,
        /** The revision of its creation. */
        CREATE,
        /** The revision of its last write. */
        MOD,
        /** Its value; of a missing key never true. */
        VALUE,
        /** Its lease. */
        LEASE
    }

    /** How it must relate to what is given. */
    public enum Relation {
        /** The same. */
        EQUAL,
        /** More. */
        GREATER,
        /** Less. */
        LESS,
        /** Not the same. */
        NOT_EQUAL;

        boolean holds(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case GREATER -> comparison > 0;
                case LESS -> comparison < 0;
                case NOT_EQUAL -> comparison != 0;
            };
        }
    }

    /** A condition on a number of one key. */
    public static Compare number(Bytes key, Target target, Relation relation, long number) {
        return new Compare(KeyRange.of(key), target, relation, number, Bytes.EMPTY);
    }

    /** A condition on the value of one key. */
    public static Compare value(Bytes key, Relation relation, Bytes value) {
        return new Compare(KeyRange.of(key), Target.VALUE, relation, 0, value);
    }

    /** Whether {@code kv}, or {@link KeyValue#NONE} for a missing key, satisfies it. */
    public boolean holds(KeyValue kv) {
        return switch (target) {
            case VERSION -> relation.holds(Long.compare(kv.version(), number));
            case CREATE -> relation.holds(Long.compare(kv.createRevision(), number));
            case MOD -> relation.holds(Long.compare(kv.modRevision(), number));
            case LEASE -> relation.holds(Long.compare(kv.lease(), number));
            case VALUE -> kv.isPresent() && relation.holds(kv.value().compareTo(value));
        };
    }
}
