// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.PeerStats.Traffic;
import java.util.concurrent.atomic.LongAdder;

/** Counts of one peer. Thread-safe. */
final class PeerCounters {

    /** Messages and their bytes. */
    static final class Counter {
        private final LongAdder messages = new LongAdder();
        private final LongAdder bytes = new LongAdder();

        void count(long messageBytes) {
            messages.increment();
            bytes.add(messageBytes);
        }

        Traffic traffic() {
            return new Traffic(messages.sum(), bytes.sum());
        }
    }

    final Counter sent = new Counter();
    final Counter dropped = new Counter();
    final Counter received = new Counter();
    final Counter refused = new Counter();
}
