// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raftnode.Clock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** What happened in a run: all of it in a hash, the last of it in words. */
final class Trace {
    private static final int LINES_MAX = 2_000;

    private final Clock clock;
    private final CRC32C hash = new CRC32C();
    private final ArrayDeque<String> last = new ArrayDeque<>();
    private final Marks marks = new Marks();
    private long events;

    Trace(Clock clock) {
        this.clock = clock;
    }

    /** Something happened that is worth a line. */
    void tell(String what) {
        String line = "%.6f ".formatted(clock.nanos() / 1e9) + what;
        hash.update(line.getBytes(StandardCharsets.UTF_8));
        events++;
        last.add(line);
        if (last.size() > LINES_MAX) {
            last.remove();
        }
    }

    /** Something small happened, of which there is too much for words. */
    void count(long one, long other) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            hash.update((int) (one >>> shift));
            hash.update((int) (other >>> shift));
        }
        events++;
    }

    /** The rare points that were reached. */
    Marks marks() {
        return marks;
    }

    /** The same for two runs that did the same. */
    long hash() {
        return hash.getValue() ^ events << Integer.SIZE;
    }

    List<String> lines() {
        return new ArrayList<>(last);
    }
}
