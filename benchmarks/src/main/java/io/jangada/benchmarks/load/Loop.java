// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

/** Produces requests from {@link #start} to {@link #stop}. */
interface Loop {
    void start();

    /** No new requests from now on. */
    void stop();

    /** Requests sent and not answered yet. */
    long inFlight();
}
