// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The streams that are open, in the order of their beginnings. Belongs to the watch loop, but for {@link #count}. */
final class WatchStreams {
    private final Set<WatchStream> all = new LinkedHashSet<>();
    /** Written by the watch loop; read by any thread. */
    private volatile int count;

    void add(WatchStream stream) {
        all.add(stream);
        count = all.size();
    }

    void remove(WatchStream stream) {
        all.remove(stream);
        count = all.size();
    }

    /** A copy of what there is now. */
    List<WatchStream> all() {
        return List.copyOf(all);
    }

    /** How many there are. Any thread. */
    int count() {
        return count;
    }
}
