// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

/** The one clock of a run: nanoseconds since it was made. Immutable. */
final class Clock {
    private final long beginNanos = System.nanoTime();

    long nanos() {
        return System.nanoTime() - beginNanos;
    }

    double seconds() {
        return nanos() / 1e9;
    }
}
