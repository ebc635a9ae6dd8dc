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
    /** How often an event has begun to wait. */
    private long holds;

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
        holds++;
    }

    private synchronized long holds() {
        return holds;
    }

    /** It waits no longer: runs {@code rest} of it, and then what came meanwhile. */
    void release(Runnable rest) {
        Runnable next = rest;
        long before = holds();
        while (next != null) {
            next.run();
            synchronized (this) {
                if (holds != before) {
                    return; // What ran waits in its turn, or has done so, and goes on elsewhere.
                }
                next = waiting.poll();
                busy = next != null;
            }
        }
    }
}
