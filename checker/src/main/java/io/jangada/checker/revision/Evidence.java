// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Seen;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchResponse;
import io.jangada.checker.watch.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was seen of revisions that no response acknowledged. Immutable once made. */
final class Evidence {
    private final Ledger ledger;
    /** By revision: the versions that somebody was shown. */
    private final Map<Long, Map<Bytes, KeyValue>> versions = new HashMap<>();
    /** By revision: what those watchers were told who had to be told. */
    private final Map<Long, List<Slice>> slices = new HashMap<>();

    /** What a watcher was told of one revision. */
    private record Slice(Watch watch, List<Event> events) {
        Slice {
            events = List.copyOf(events);
        }
    }

    Evidence(Ledger ledger) {
        this.ledger = ledger;
        if (ledger.holeCount() > 0) {
            Seen.versions(ledger.history(), this::note);
            ledger.history().watches().forEach(this::note);
        }
    }

    /** Whether {@code events} agree with all that was seen of {@code revision}. */
    boolean fits(long revision, List<Event> events) {
        Map<Bytes, KeyValue> shown = versions.getOrDefault(revision, Map.of());
        int found = 0;
        for (Event event : events) {
            KeyValue version = shown.get(event.kv().key());
            if (version != null) {
                if (!version.equals(event.kv())) {
                    return false;
                }
                found++;
            }
        }
        return found == shown.size() && agreesWithWatchers(revision, events);
    }

    /** Keys that a watcher saw deleted at {@code revision}. */
    List<Bytes> deletedKeys(long revision) {
        List<Bytes> keys = new ArrayList<>();
        for (Slice slice : slices.getOrDefault(revision, List.of())) {
            for (Event event : slice.events()) {
                if (event.kind() == Event.Kind.DELETE) {
                    keys.add(event.kv().key());
                }
            }
        }
        return keys;
    }

    private boolean agreesWithWatchers(long revision, List<Event> events) {
        for (Slice slice : slices.getOrDefault(revision, List.of())) {
            if (!Told.match(Told.wanted(slice.watch().request(), events), slice.events())) {
                return false;
            }
        }
        return true;
    }

    private void note(KeyValue version) {
        if (isHole(version.modRevision())) {
            versions.computeIfAbsent(version.modRevision(), ignored -> new HashMap<>())
                    .put(version.key(), version);
        }
    }

    private void note(Watch watch) {
        Told told = Told.of(watch);
        Map<Long, List<Event>> events = new HashMap<>();
        for (WatchResponse response : watch.responses()) {
            if (response instanceof WatchResponse.Events some) {
                for (Event event : some.events()) {
                    if (isHole(event.revision())) {
                        events.computeIfAbsent(event.revision(), ignored -> new ArrayList<>())
                                .add(event);
                    }
                }
            }
        }
        for (long revision = Math.max(told.firstRevision(), ledger.base() + 1); revision <= Math
                .min(told.lastRevision(), ledger.last()); revision++) {
            if (isHole(revision) && told.covers(revision)) {
                slices.computeIfAbsent(revision, ignored -> new ArrayList<>())
                        .add(new Slice(watch, events.getOrDefault(revision, List.of())));
            }
        }
    }

    private boolean isHole(long revision) {
        return revision > ledger.base() && revision <= ledger.last()
                && ledger.claim(revision) == Ledger.HOLE;
    }
}
