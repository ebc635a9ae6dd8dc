// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.WatchRequest;
import io.jangada.checker.history.WatchResponse;
import io.jangada.simulation.wire.EtcdWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Watches a range from the first revision on, and goes on at another member where it was broken off, from the revision
 * after the last that it was told. Thread-safe: a lock; the streams' threads tell it, one stream at a time.
 */
final class Watcher {
    private static final long PAUSE_MILLIS = 200;

    /**
     * One stream's watch, and what it was told in order.
     *
     * @param callNanos when it was asked for
     * @param told grows while the stream lives
     */
    record Part(long callNanos, WatchRequest request, List<WatchResponse> told) {}

    private final KeyRange range;
    private final boolean prevKv;
    private final List<Member> members;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progressed = lock.newCondition();
    private final List<Part> parts = new ArrayList<>();
    private int member;
    private long nextRevision = 1;
    private boolean over;
    private @Nullable StreamObserver<io.jangada.api.etcd.WatchRequest> stream;

    /**
     * A watcher that does not watch yet.
     *
     * @param member where it begins
     * @param timer begins it anew; not blocked
     */
    Watcher(KeyRange range, boolean prevKv, List<Member> members, int member, Clock clock,
            ScheduledExecutorService timer) {
        this.range = range;
        this.prevKv = prevKv;
        this.members = members;
        this.member = member % members.size();
        this.clock = clock;
        this.timer = timer;
    }

    /** Watches until {@link #stop}. */
    void begin() {
        lock.lock();
        try {
            if (over) {
                return;
            }
            Part part = new Part(clock.nanos(),
                    new WatchRequest(range, nextRevision, prevKv, Set.of()), new ArrayList<>());
            parts.add(part);
            WatchCreateRequest create = WatchCreateRequest.newBuilder()
                    .setKey(EtcdWords.bytes(range.key())).setRangeEnd(EtcdWords.bytes(range.end()))
                    .setStartRevision(nextRevision).setPrevKv(prevKv).build();
            if (stream != null) {
                stream.onCompleted();
            }
            stream = WatchGrpc.newStub(members.get(member).channel())
                    .watch(new Stream(parts.size() - 1));
            stream.onNext(io.jangada.api.etcd.WatchRequest.newBuilder().setCreateRequest(create)
                    .build());
        } finally {
            lock.unlock();
        }
    }

    /** What one stream says. */
    private final class Stream implements StreamObserver<io.jangada.api.etcd.WatchResponse> {
        private final int number;

        Stream(int number) {
            this.number = number;
        }

        @Override
        public void onNext(io.jangada.api.etcd.WatchResponse response) {
            told(number, response);
        }

        @Override
        public void onError(Throwable ignored) {
            ended(number);
        }

        @Override
        public void onCompleted() {
            ended(number);
        }
    }

    private void told(int number, io.jangada.api.etcd.WatchResponse response) {
        long now = clock.nanos();
        long revision = response.getHeader().getRevision();
        lock.lock();
        try {
            if (over || number != parts.size() - 1) {
                return;
            }
            Part part = parts.getLast();
            if (response.getCompactRevision() != 0) {
                part.told.add(new WatchResponse.Compacted(now, response.getCompactRevision()));
                nextRevision = Math.max(nextRevision, response.getCompactRevision());
            } else if (response.getCreated()) {
                part.told.add(new WatchResponse.Created(now, revision));
            } else if (response.getEventsCount() > 0) {
                List<Event> events = response.getEventsList().stream().map(EtcdWords::event)
                        .toList();
                part.told.add(new WatchResponse.Events(now, revision, events));
                nextRevision = Math.max(nextRevision, events.getLast().revision() + 1);
                progressed.signalAll();
            } else if (!response.getCanceled()) {
                part.told.add(new WatchResponse.Progress(now, revision));
            }
        } finally {
            lock.unlock();
        }
        if (response.getCanceled()) {
            ended(number);
        }
    }

    private void ended(int number) {
        lock.lock();
        try {
            if (over || number != parts.size() - 1 || timer.isShutdown()) {
                return;
            }
            member = (member + 1) % members.size();
            // Nothing more is taken from the old stream: the new part, once it is there, is the last one.
            var ignored = timer.schedule(() -> beginAfter(number), PAUSE_MILLIS,
                    TimeUnit.MILLISECONDS);
        } finally {
            lock.unlock();
        }
    }

    private void beginAfter(int number) {
        lock.lock();
        try {
            if (number == parts.size() - 1) {
                begin();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it was told of {@code revision}; false if that is not by {@code lastNanos}. */
    boolean awaitRevision(long revision, long lastNanos) throws InterruptedException {
        lock.lock();
        try {
            while (nextRevision <= revision) {
                long left = lastNanos - clock.nanos();
                if (left <= 0) {
                    return false;
                }
                progressed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    KeyRange range() {
        return range;
    }

    /** Ends it; returns what it was told. */
    List<Part> stop() {
        lock.lock();
        try {
            over = true;
            return List.copyOf(parts);
        } finally {
            lock.unlock();
        }
    }
}
