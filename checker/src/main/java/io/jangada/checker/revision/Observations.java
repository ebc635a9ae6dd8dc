// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Response;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchResponse;
import java.util.Arrays;
import java.util.List;

/**
 * Who was shown which revision, and when: by returned operations and by watchers. By time. Immutable
 * once made.
 */
final class Observations {
    /** There is none. */
    static final int NONE = -1;

    private int count;
    private long[] times;
    private long[] revisions;
    /** The operation's place in the history, or the complement of the watcher's. */
    private int[] sources;
    /** For each, which one up to it has the highest revision. */
    private final int[] highest;

    Observations(History history) {
        int capacity = history.operations().size()
                + history.watches().stream().mapToInt(watch -> watch.responses().size()).sum();
        times = new long[capacity];
        revisions = new long[capacity];
        sources = new int[capacity];
        List<Operation> operations = history.operations();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            if (operation.response() instanceof Response.Done done && done.revision() != 0) {
                add(operation.returnNanos(), done.revision(), i);
            }
        }
        for (int i = 0; i < history.watches().size(); i++) {
            Watch watch = history.watches().get(i);
            for (WatchResponse response : watch.responses()) {
                if (response.revision() != 0) {
                    add(response.atNanos(), response.revision(), ~i);
                }
            }
        }
        sort();
        highest = new int[count];
        for (int i = 1; i < count; i++) {
            int before = highest[i - 1];
            highest[i] = revisions[i] > revisions[before] ? i : before;
        }
    }

    int count() {
        return count;
    }

    long time(int i) {
        return times[i];
    }

    long revision(int i) {
        return revisions[i];
    }

    /** The operation's place in the history, or the complement of the watcher's. */
    int source(int i) {
        return sources[i];
    }

    /** The one with the highest revision before {@code nanos}, or {@link #NONE}. */
    int highestBefore(long nanos) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? NONE : highest[low - 1];
    }

    private void add(long time, long revision, int source) {
        times[count] = time;
        revisions[count] = revision;
        sources[count++] = source;
    }

    /** Histories that were gathered as operations ended are sorted already. */
    private void sort() {
        boolean isSorted = true;
        for (int i = 1; i < count && isSorted; i++) {
            isSorted = times[i - 1] <= times[i];
        }
        if (isSorted) {
            return;
        }
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        long[] unsorted = times;
        Arrays.sort(order, (a, b) -> Long.compare(unsorted[a], unsorted[b]));
        long[] sortedTimes = new long[count];
        long[] sortedRevisions = new long[count];
        int[] sortedSources = new int[count];
        for (int i = 0; i < count; i++) {
            sortedTimes[i] = times[order[i]];
            sortedRevisions[i] = revisions[order[i]];
            sortedSources[i] = sources[order[i]];
        }
        times = sortedTimes;
        revisions = sortedRevisions;
        sources = sortedSources;
    }
}
