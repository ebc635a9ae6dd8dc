// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import io.jangada.raftnode.EventLoop;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that events take on their way to clients who have not taken them. While it is used up no stream gets more:
 * watchers wait, and go on from history. If it stays so, streams whose clients have taken nothing for a second or two are
 * ended, the longest waiting first, until half of it is free: who reads must not wait for who does not. Belongs to the watch loop.
 */
final class WatchMemory {
    private static final Logger LOGGER = LoggerFactory.getLogger(WatchMemory.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What a stream may have on its way while there is plenty: it saves quick readers the way by history. */
    private static final long AHEAD_BYTES_MAX = 512 << 10;

    private final EventLoop loop;
    private final long bytesMax;
    /** By stream, the one that has waited longest first. */
    private final Map<Holder, Long> held = new LinkedHashMap<>();
    /** Those who have held something since the look before. */
    private final Set<Holder> stalled = new LinkedHashSet<>();
    private final Set<Holder> waiting = new LinkedHashSet<>();
    private long bytes;
    private boolean looks;

    /** A stream, as far as its memory is concerned. */
    interface Holder {
        /** There may be memory again. */
        void resume();

        /** Ends, and drops what is on its way; calls {@link #taken}. */
        void cut();
    }

    WatchMemory(EventLoop loop, long bytesMax) {
        this.loop = loop;
        this.bytesMax = bytesMax;
    }

    /** Whether {@code holder}, whose client has not taken all yet, may have more all the same. */
    boolean allowsAhead(Holder holder) {
        return bytes < bytesMax / 2 && held.getOrDefault(holder, 0L) < AHEAD_BYTES_MAX;
    }

    /** Whether there is memory now; if not, {@code holder} is resumed when there is. */
    boolean isFree(Holder holder) {
        if (bytes < bytesMax) {
            return true;
        }
        waiting.add(holder);
        lookLater();
        return false;
    }

    /** {@code holder} has {@code more} on its way. */
    void hold(Holder holder, long more) {
        held.merge(holder, more, Long::sum);
        bytes += more;
    }

    /** The client of {@code holder} has taken what was on its way, or it is over. */
    void taken(Holder holder) {
        Long before = held.remove(holder);
        stalled.remove(holder);
        if (before == null) {
            return;
        }
        boolean wasUsedUp = bytes >= bytesMax;
        bytes -= before;
        if (wasUsedUp && bytes < bytesMax) {
            loop.execute(this::resumeAll);
        }
    }

    /** {@code holder} is over. */
    void leave(Holder holder) {
        waiting.remove(holder);
        taken(holder);
    }

    private void resumeAll() {
        List<Holder> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Holder::resume);
    }

    private void lookLater() {
        if (!looks) {
            looks = true;
            var ignored = loop.schedule(this::look, LOOK_NANOS);
        }
    }

    private void look() {
        looks = false;
        if (bytes >= bytesMax) {
            cutStalled();
        }
        stalled.clear();
        stalled.addAll(held.keySet());
        if (!waiting.isEmpty()) {
            lookLater();
        }
    }

    private void cutStalled() {
        int streams = 0;
        for (Holder holder : List.copyOf(held.keySet())) {
            if (bytes > bytesMax / 2 && stalled.contains(holder)) {
                holder.cut();
                streams++;
            }
        }
        if (streams > 0) {
            LOGGER.warn("watch streams ended: their clients do not read, and memory is used up"
                    + " streams={} bytes={}", streams, bytesMax);
        }
    }
}
