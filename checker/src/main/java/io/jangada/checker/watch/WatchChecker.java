// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.watch;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.etcd.EventLog;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks one watcher against the log of all events: what it was told has to be exactly the slice of
 * the log that it wants, from its start to the last revision that it was told, whole revisions at a
 * time (etcd: API guarantees, watch APIs). Belongs to one thread.
 */
public final class WatchChecker {
    private final EventLog log;
    private final CompactionTest compactions;
    private final Watch watch;
    /** Revisions below have been told, or were none of its. */
    private long nextRevision;
    private long progressRevision;
    private final Set<Event> told = new HashSet<>();

    /** Tells whether a compaction may have happened. */
    @FunctionalInterface
    public interface CompactionTest {
        /** Whether all before {@code revision} may have been compacted by {@code nanos}. */
        boolean mayHave(long revision, long nanos);
    }

    private WatchChecker(EventLog log, CompactionTest compactions, Watch watch) {
        this.log = log;
        this.compactions = compactions;
        this.watch = watch;
        this.nextRevision = Told.of(watch).firstRevision();
    }

    /** What is wrong with {@code watch} first, or nothing. */
    public static Optional<Violated> check(EventLog log, CompactionTest compactions, Watch watch) {
        return Optional.ofNullable(new WatchChecker(log, compactions, watch).check());
    }

    private @Nullable Violated check() {
        List<WatchResponse> responses = watch.responses();
        for (int i = 0; i < responses.size(); i++) {
            Violated found = switch (responses.get(i)) {
                case WatchResponse.Created ignored -> null;
                case WatchResponse.Events events -> checkEvents(events, i);
                case WatchResponse.Progress progress -> checkProgress(progress);
                case WatchResponse.Compacted compacted -> checkCompacted(compacted,
                        i == responses.size() - 1);
            };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Violated checkEvents(WatchResponse.Events response, int place) {
        List<Event> events = response.events();
        int from = 0;
        while (from < events.size()) {
            long revision = events.get(from).revision();
            int to = from + 1;
            while (to < events.size() && events.get(to).revision() == revision) {
                to++;
            }
            Violated found = checkRevision(revision, events.subList(from, to),
                    response.atNanos(), place);
            if (found != null) {
                return found;
            }
            from = to;
        }
        if (response.revision() < events.getLast().revision()) {
            return violated(ViolationKind.WATCH_WRONG_EVENT, "was told events of revision "
                    + events.getLast().revision() + " in a response of revision "
                    + response.revision());
        }
        return null;
    }

    private @Nullable Violated checkRevision(long revision, List<Event> events, long atNanos,
            int place) {
        if (revision < nextRevision) {
            return again(revision, events);
        }
        if (revision > log.last()) {
            return violated(ViolationKind.WATCH_WRONG_EVENT,
                    "was told of revision " + revision + ", which nobody made");
        }
        long gap = firstWanted(nextRevision, revision - 1);
        if (gap != 0) {
            return violated(
                    toldLater(gap, place) ? ViolationKind.WATCH_ORDER : ViolationKind.WATCH_GAP,
                    "was told revision " + revision + " without "
                            + wanted(gap) + " of revision " + gap);
        }
        List<Event> expected = wanted(revision);
        if (!expected.equals(events)) {
            Violated found = differ(revision, expected, events, atNanos, place);
            if (found != null) {
                return found;
            }
        }
        told.addAll(events);
        nextRevision = revision + 1;
        return null;
    }

    private Violated again(long revision, List<Event> events) {
        if (revision <= progressRevision) {
            return violated(ViolationKind.WATCH_PROGRESS,
                    "was told " + events + " after progress to "
                            + progressRevision);
        }
        return told.contains(events.getFirst())
                ? violated(ViolationKind.WATCH_DUPLICATE, "was told twice: " + events)
                : violated(ViolationKind.WATCH_ORDER, "was told revision " + revision
                        + " when it had been told all before " + nextRevision);
    }

    private @Nullable Violated differ(long revision, List<Event> expected, List<Event> events,
            long atNanos, int place) {
        if (Told.match(expected, events)) {
            return compactions.mayHave(revision, atNanos)
                    ? null // The version before was compacted.
                    : violated(ViolationKind.WATCH_WRONG_PREV_KV, "was not told what was before "
                            + events);
        }
        Set<Event> once = new HashSet<>(events);
        if (once.size() < events.size()) {
            return violated(ViolationKind.WATCH_DUPLICATE, "was told twice: " + events);
        }
        List<Event> full = log.at(revision);
        for (Event event : events) {
            if (!watch.request().wants(event) && full.stream()
                    .anyMatch(each -> each.withoutPrevKv().equals(event.withoutPrevKv()))) {
                return violated(ViolationKind.WATCH_FILTER, "did not want " + event);
            }
        }
        if (Told.match(bare(expected), bare(events))) {
            return violated(ViolationKind.WATCH_WRONG_PREV_KV, "was told " + events
                    + " instead of " + expected);
        }
        if (bare(expected).containsAll(bare(events))) {
            List<Event> missing = new ArrayList<>(bare(expected));
            missing.removeAll(bare(events));
            if (missing.isEmpty()) {
                return violated(ViolationKind.WATCH_ORDER, "was told " + events + " instead of "
                        + expected);
            }
            return violated(toldLater(revision, place + 1)
                    ? ViolationKind.WATCH_SPLIT_REVISION
                    : ViolationKind.WATCH_GAP,
                    "was told revision " + revision + " without " + missing);
        }
        return violated(ViolationKind.WATCH_WRONG_EVENT,
                "was told " + events + " instead of " + expected);
    }

    private @Nullable Violated checkProgress(WatchResponse.Progress progress) {
        long gap = firstWanted(nextRevision, progress.revision());
        if (gap != 0) {
            return violated(ViolationKind.WATCH_PROGRESS, "was told of progress to "
                    + progress.revision() + " without " + wanted(gap) + " of revision " + gap);
        }
        progressRevision = Math.max(progressRevision, progress.revision());
        if (nextRevision != 0) {
            nextRevision = Math.max(nextRevision, progress.revision() + 1);
        }
        return null;
    }

    private @Nullable Violated checkCompacted(WatchResponse.Compacted compacted, boolean isLast) {
        if (!isLast) {
            return violated(ViolationKind.WATCH_COMPACTED, "was told more after its end");
        }
        boolean isDue = nextRevision < compacted.compactRevision()
                && compactions.mayHave(compacted.compactRevision(), compacted.atNanos());
        return isDue
                ? null
                : violated(ViolationKind.WATCH_COMPACTED, "was ended for a compaction to "
                        + compacted.compactRevision() + ", waiting for revision " + nextRevision);
    }

    /** The first revision in an interval that it wants anything of, or 0. */
    private long firstWanted(long from, long to) {
        if (from == 0) {
            return 0; // It is not known where it started.
        }
        for (long revision = Math.max(from, log.base() + 1); revision <= Math.min(to,
                log.last()); revision++) {
            for (Event event : log.at(revision)) {
                if (watch.request().wants(event)) {
                    return revision;
                }
            }
        }
        return 0;
    }

    /** Whether it was told of {@code revision} in one of the responses from {@code place} on. */
    private boolean toldLater(long revision, int place) {
        for (WatchResponse response : watch.responses().subList(place, watch.responses().size())) {
            if (response instanceof WatchResponse.Events events && events.events().stream()
                    .anyMatch(event -> event.revision() == revision)) {
                return true;
            }
        }
        return false;
    }

    private List<Event> wanted(long revision) {
        return Told.wanted(watch.request(), log.at(revision));
    }

    private static List<Event> bare(List<Event> events) {
        return events.stream().map(Event::withoutPrevKv).toList();
    }

    private Violated violated(ViolationKind kind, String what) {
        return Violated.of(kind, "watch " + watch.id() + " " + what, watch);
    }
}
