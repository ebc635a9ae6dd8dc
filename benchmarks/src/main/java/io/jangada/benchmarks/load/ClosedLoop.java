// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A fixed number of clients, each with one request outstanding: the next is sent when the last is answered. Each client runs
 * on its connection's event loop.
 */
final class ClosedLoop implements Loop {
    private static final long PAUSE_AFTER_ERROR_MILLIS = 10;

    private final Connections connections;
    private final Requests requests;
    private final Measurement measurement;
    private final Timeline timeline;
    private final AtomicLong inFlight = new AtomicLong();
    private final List<Client> clients = new ArrayList<>();
    private volatile boolean stopped; // Written by the main thread, read by the event loops.

    ClosedLoop(int clientCount, long seed, Connections connections, Requests requests,
            Measurement measurement,
            Timeline timeline) {
        this.connections = connections;
        this.requests = requests;
        this.measurement = measurement;
        this.timeline = timeline;
        var seeds = new SplittableRandom(seed);
        for (int i = 0; i < clientCount; i++) {
            clients.add(new Client(i, seeds.split()));
        }
    }

    @Override
    public void start() {
        clients.forEach(Client::next);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public long inFlight() {
        return inFlight.get();
    }

    private final class Client implements Requests.Completion {
        private final int number;
        private final RandomGenerator random;

        Client(int number, RandomGenerator random) {
            this.number = number;
            this.random = random;
        }

        void next() {
            if (stopped) {
                return;
            }
            inFlight.incrementAndGet();
            requests.send(connections.channel(number), random, timeline.nanos(), this);
        }

        @Override
        public void completed(long startNanos, Status status) {
            inFlight.decrementAndGet();
            measurement.completed(startNanos, timeline.nanos(), status);
            if (status.isOk()) {
                next();
            } else {
                // A server that is away answers at once: do not ask it a million times a second.
                connections.later(this::next, PAUSE_AFTER_ERROR_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
