// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

/** What one request of a run does. */
enum Operation {
    /** A put of one value. */
    PUT,
    /** A linearizable range over one key. */
    RANGE,
    /** A range over one key from the asked member's own state. */
    SERIALIZABLE,
    /** Puts and linearizable ranges by chance, in a given proportion. */
    MIXED;

    boolean reads() {
        return this != PUT;
    }
}
