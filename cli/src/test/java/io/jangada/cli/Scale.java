// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

/** How large the tests of scale are: what takes seconds, or with {@code -Djangada.scale=full} what must hold. */
enum Scale {
    /** Each build's; the heap is small in proportion. */
    SMALL("-Xms64m -Xmn48m -Xmx128m"),
    /** What must hold with 512 MiB of heap. */
    FULL("-Xmx512m");

    /** This run's. */
    static final Scale PRESENT = "full".equals(System.getProperty("jangada.scale")) ? FULL : SMALL;

    private final String javaOptions;

    Scale(String javaOptions) {
        this.javaOptions = javaOptions;
    }

    /** The member's heap, as options of its JVM. */
    String javaOptions() {
        return javaOptions;
    }

    int of(int small, int full) {
        return this == FULL ? full : small;
    }
}
