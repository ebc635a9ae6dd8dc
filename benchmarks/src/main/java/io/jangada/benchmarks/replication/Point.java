// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

/**
 * One point at which a system is measured.
 *
 * @param payloadBytes size of a proposal, at least 1
 * @param inFlight proposals outstanding, at least 1
 */
record Point(int payloadBytes, int inFlight) implements Comparable<Point> {
    Point {
        if (payloadBytes < 1 || inFlight < 1) {
            throw new IllegalArgumentException(
                    payloadBytes + " bytes, " + inFlight + " in flight: below 1");
        }
    }

    @Override
    public int compareTo(Point that) {
        int bySize = Integer.compare(payloadBytes, that.payloadBytes);
        return bySize != 0 ? bySize : Integer.compare(inFlight, that.inFlight);
    }
}
