// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.WatchRecorder;
import io.jangada.checker.history.WatchRequest;
import io.jangada.checker.history.WatchResponse;
import io.jangada.mvcc.Watch;
import io.jangada.mvcc.WatchBatch;
import io.jangada.mvcc.WatchListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches keys through one member and, when that ends, through another from where it was told last; and writes down what
 * it was told. What a watcher is told arrives in order.
 */
final class SimulatedWatcher {
    private static final Duration QUICK = Duration.ofNanos(30_000);
    private static final Duration SLOW = Duration.ofMillis(20);
    private static final Duration LOOKS = Duration.ofMillis(100);
    private static final int DECLINES_ONCE_IN = 20;
    private static final int ASKS_ONCE_IN = 10;

    private final World world;
    private final long id;
    private final Chance chance;
    private final HistoryBuilder history;
    private final KeyRange range;
    private final boolean withPrevious;
    /** From which revision on it is to be told; 0 before it has been told anything. */
    private long nextRevision;
    private @Nullable Stream stream;

    SimulatedWatcher(World world, long id, HistoryBuilder history) {
        this.world = world;
        this.id = id;
        this.history = history;
        chance = Chance.of(world.scenario().seed(), "watcher " + id);
        range = chance.once(2)
                ? KeyRange.all()
                : KeyRange.of(Bytes.utf8("key" + chance.below(world.scenario().options().keys())));
        withPrevious = chance.once(2);
        nextRevision = chance.between(0, 1);
    }

    /** Watches from now on. */
    void begin() {
        look();
    }

    private void look() {
        Stream present = stream;
        if (present == null || present.isOver()) {
            List<Seat> running = world.running();
            if (present != null) {
                present.ended = true;
            }
            stream = running.isEmpty()
                    ? null
                    : new Stream(chance.oneOf(running).process().orElseThrow());
        } else if (chance.once(ASKS_ONCE_IN)) {
            present.process.watchLoop().execute(present::progress);
        }
        world.later(LOOKS, this::look);
    }

    /** Whether it knows everything up to {@code revision}. */
    boolean knows(long revision) {
        return nextRevision > revision;
    }

    /** One watch of one process. */
    private final class Stream implements WatchListener {
        private final SimulatedMember process;
        private final WatchRecorder recorder;
        private final ArrayDeque<WatchResponse> underWay = new ArrayDeque<>();
        private final long start;
        private @Nullable Watch watch;
        private boolean ended;

        Stream(SimulatedMember process) {
            this.process = process;
            start = nextRevision;
            recorder = history.watch(id, now(),
                    new WatchRequest(range, start, withPrevious, Set.of()));
            world.later(chance.span(QUICK, SLOW),
                    () -> process.watchLoop().execute(this::register));
        }

        private long now() {
            return world.loops().clock().nanos();
        }

        boolean isOver() {
            return ended || world.running().stream()
                    .noneMatch(seat -> seat.process().filter(process::equals).isPresent());
        }

        /** At the member, as the server does it. */
        private void register() {
            long revision = process.store().revision();
            watch = process.watches().register(new io.jangada.mvcc.WatchRequest(
                    Translation.range(range), start == 0 ? revision + 1 : start, Set.of(),
                    withPrevious), this);
            tell(new WatchResponse.Created(now(), revision));
        }

        @Override
        public boolean offer(WatchBatch batch) {
            if (chance.once(DECLINES_ONCE_IN)) {
                world.marks().see(Marks.Point.WATCH_DECLINED);
                world.later(chance.span(QUICK, SLOW),
                        () -> process.watchLoop().execute(this::resume));
                return false;
            }
            tell(new WatchResponse.Events(now(), batch.revision(), batch.events().stream()
                    .map(event -> Translation.event(event, withPrevious)).toList()));
            return true;
        }

        private void resume() {
            if (watch != null) {
                watch.resume();
            }
        }

        @Override
        public void compacted(long compactRevision) {
            tell(new WatchResponse.Compacted(now(), compactRevision));
        }

        private void progress() {
            if (watch != null && watch.isSynced()) {
                tell(new WatchResponse.Progress(now(), process.watches().revision()));
            }
        }

        private void tell(WatchResponse response) {
            underWay.add(response);
            world.later(chance.span(QUICK, SLOW), this::arrive);
        }

        /** At the watcher. What was under way when the process ended is lost. */
        private void arrive() {
            if (isOver()) {
                return;
            }
            WatchResponse response = underWay.remove();
            recorder.told(response);
            switch (response) {
                case WatchResponse.Created created -> {
                    if (start == 0) {
                        nextRevision = created.revision() + 1;
                    } else if (start > 1) {
                        world.marks().see(Marks.Point.WATCH_RESUMED);
                    }
                }
                case WatchResponse.Events events ->
                    nextRevision = events.events().getLast().revision() + 1;
                case WatchResponse.Progress progress ->
                    nextRevision = Math.max(nextRevision, progress.revision() + 1);
                case WatchResponse.Compacted compacted -> {
                    world.marks().see(Marks.Point.WATCH_COMPACTED);
                    nextRevision = compacted.compactRevision();
                    ended = true;
                }
            }
        }
    }
}
