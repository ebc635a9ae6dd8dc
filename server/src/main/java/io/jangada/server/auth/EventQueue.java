// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps the events of a call in order while one of them waits: what comes meanwhile runs after it, on the
 * thread that ends the waiting. Bounded by what the call asked its transport for. Thread-safe: one thread at
 * a time runs events; the lock is never held meanwhile.
 */
final class EventQueue {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    /** Runs {@code event} now, or once what waits is over. */
    void run(Runnable event) {
        synchronized (this) {
            if (busy) {
                waiting.add(event);
                return;
            }
        }
        event.run();
    }

    /** The event that runs now waits for something. */
    synchronized void hold() {
        busy = true;
    }

    /** It waits no longer: runs {@code rest} of it, and then what came meanwhile. */
    void release(Runnable rest) {
        Runnable next = rest;
        while (next != null) {
            next.run();
            synchronized (this) {
                next = waiting.poll();
                busy = next != null;
            }
        }
    }
}
