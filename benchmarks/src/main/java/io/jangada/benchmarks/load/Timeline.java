// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

/** Nanoseconds since the program began: never negative, so that they compare plainly. Thread-safe. */
final class Timeline {
    private final long originNanos = System.nanoTime();

    long nanos() {
        return System.nanoTime() - originNanos;
    }
}
