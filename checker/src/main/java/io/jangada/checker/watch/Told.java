// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.watch;

import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchRequest;
import io.jangada.checker.history.WatchResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * From where to where a watcher was told everything, and what it should have been told. Immutable.
 *
 * @param watch the watcher
 * @param firstRevision the first revision that it was to be told; 0 if that is not known
 * @param lastRevision the last revision that it was told, by events or by progress
 */
public record Told(Watch watch, long firstRevision, long lastRevision) {

    /** What {@code watch} says of itself. */
    public static Told of(Watch watch) {
        long first = watch.request().startRevision();
        long last = 0;
        for (WatchResponse response : watch.responses()) {
            switch (response) {
                case WatchResponse.Created created -> {
                    if (first == 0) {
                        first = created.revision() + 1;
                    }
                }
                case WatchResponse.Events told -> {
                    if (first == 0) {
                        first = told.events().getFirst().revision();
                    }
                    last = Math.max(last, told.events().getLast().revision());
                }
                case WatchResponse.Progress progress -> last = Math.max(last, progress.revision());
                case WatchResponse.Compacted ignored -> {
                }
            }
        }
        return new Told(watch, first, last);
    }

    /** Whether it was told all of {@code revision}. */
    public boolean covers(long revision) {
        return firstRevision != 0 && firstRevision <= revision && revision <= lastRevision;
    }

    /** Of the events of a revision, those that it wants, as it wants them. */
    public static List<Event> wanted(WatchRequest request, List<Event> events) {
        List<Event> wanted = new ArrayList<>();
        for (Event event : events) {
            if (request.wants(event)) {
                wanted.add(request.prevKv() ? event : event.withoutPrevKv());
            }
        }
        return wanted;
    }

    /** Whether two lists are the same but for versions before the change that {@code told} lacks. */
    public static boolean match(List<Event> expected, List<Event> told) {
        if (expected.size() != told.size()) {
            return false;
        }
        for (int i = 0; i < told.size(); i++) {
            if (!match(expected.get(i), told.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean match(Event expected, Event told) {
        return expected.equals(told) || (told.prevKv().equals(KeyValue.NONE)
                && expected.withoutPrevKv().equals(told));
    }
}
