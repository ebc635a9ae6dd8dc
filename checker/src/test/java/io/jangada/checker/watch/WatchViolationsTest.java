// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.watch;

import static io.jangada.checker.reference.Histories.delete;
import static io.jangada.checker.reference.Histories.kv;
import static io.jangada.checker.reference.Histories.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.history.WatchRecorder;
import io.jangada.checker.history.WatchRequest;
import io.jangada.checker.history.WatchResponse;
import io.jangada.checker.reference.Histories;
import io.jangada.checker.revision.RevisionChecker;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each guarantee of watches, broken by hand, is caught by its name. */
class WatchViolationsTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final KeyValue A1 = kv("a", "1", 2, 2, 1);
    private static final KeyValue A2 = kv("a", "2", 2, 3, 2);
    private static final KeyValue A4 = kv("a", "x", 2, 4, 3);
    private static final KeyValue B4 = kv("b", "x", 4, 4, 1);
    private static final WatchRequest ALL = new WatchRequest(KeyRange.all(), 2);
    private static final Event PUT1 = put(A1);
    private static final Event PUT2 = put(A2);
    private static final Event PUT4A = put(A4);
    private static final Event PUT4B = put(B4);
    private static final Event GONE = delete("a", 5);

    @Test
    void wholeSlicesPass() {
        passes(ALL, events(PUT1, PUT2, PUT4A, PUT4B, GONE));
        passes(ALL, events(PUT1), events(PUT2, PUT4A, PUT4B), events(GONE), progress(5));
        passes(ALL);
        passes(new WatchRequest(KeyRange.of(B), 2), events(PUT4B), progress(5));
    }

    @Test
    void resumedOnePasses() {
        passes(new WatchRequest(KeyRange.all(), 4), events(PUT4A, PUT4B, GONE));
    }

    @Test
    void gap() {
        violates(ViolationKind.WATCH_GAP, ALL, events(PUT1), events(PUT4A, PUT4B));
        violates(ViolationKind.WATCH_GAP, ALL, events(PUT2));
        violates(ViolationKind.WATCH_GAP, ALL, events(PUT1, PUT2, PUT4A));
    }

    @Test
    void duplicatedEvent() {
        violates(ViolationKind.WATCH_DUPLICATE, ALL, events(PUT1), events(PUT1, PUT2));
        violates(ViolationKind.WATCH_DUPLICATE, ALL, events(PUT1, PUT1));
    }

    @Test
    void splitRevision() {
        violates(ViolationKind.WATCH_SPLIT_REVISION, ALL, events(PUT1, PUT2, PUT4A),
                events(PUT4B));
    }

    @Test
    void outOfOrder() {
        violates(ViolationKind.WATCH_ORDER, ALL, events(PUT2), events(PUT1));
        violates(ViolationKind.WATCH_ORDER, ALL, events(PUT2, PUT1));
        violates(ViolationKind.WATCH_ORDER, ALL, events(PUT1, PUT2, PUT4B, PUT4A));
    }

    @Test
    void beforeItsStart() {
        violates(ViolationKind.WATCH_ORDER, new WatchRequest(KeyRange.all(), 3),
                events(PUT1, PUT2));
    }

    @Test
    void eventThatNobodyMade() {
        violates(ViolationKind.WATCH_WRONG_EVENT, ALL, events(put(kv("a", "9", 2, 2, 1))));
        violates(ViolationKind.WATCH_WRONG_EVENT, ALL,
                events(PUT1, PUT2, PUT4A, PUT4B, put(kv("a", "9", 5, 5, 1))));
    }

    @Test
    void wrongPrevKv() {
        var request = new WatchRequest(KeyRange.all(), 3, true, Set.of());
        passes(request, events(new Event(Event.Kind.PUT, A2, A1)));
        violates(ViolationKind.WATCH_WRONG_PREV_KV, request, events(PUT2));
        violates(ViolationKind.WATCH_WRONG_PREV_KV, request,
                events(new Event(Event.Kind.PUT, A2, kv("a", "0", 2, 2, 1))));
        violates(ViolationKind.WATCH_WRONG_PREV_KV, ALL,
                events(PUT1, new Event(Event.Kind.PUT, A2, A1)));
    }

    @Test
    void filter() {
        var request = new WatchRequest(KeyRange.all(), 2, false, Set.of(Event.Kind.DELETE));
        passes(request, events(PUT1, PUT2, PUT4A, PUT4B), progress(5));
        violates(ViolationKind.WATCH_FILTER, request, events(PUT1, PUT2, PUT4A, PUT4B, GONE));
        violates(ViolationKind.WATCH_FILTER, new WatchRequest(KeyRange.of(B), 2), events(PUT1));
    }

    @Test
    void progressAheadOfEvents() {
        violates(ViolationKind.WATCH_PROGRESS, ALL, progress(3), events(PUT1));
        violates(ViolationKind.WATCH_PROGRESS, ALL, events(PUT1), progress(3));
    }

    @Test
    void endedForACompaction() {
        violates(ViolationKind.WATCH_COMPACTED, ALL, new WatchResponse.Compacted(90, 3));
        Histories compacted = history().then(new Request.Compact(4), new Response.Compact(5));
        WatchRecorder recorder = compacted.builder().watch(2, 85, ALL);
        recorder.told(new WatchResponse.Compacted(90, 4));
        assertThat(RevisionChecker.check(compacted.history())).isInstanceOf(Verdict.Passed.class);
    }

    @Test
    void eventsOfAnUnknownWriteTellWhatItWas() {
        Histories histories = new Histories().lostPut("a", "1").lostPut("a", "1b").put("b", "1", 3);
        histories.builder().watch(2, 5, ALL).told(new WatchResponse.Events(9, 3,
                List.of(put(kv("a", "1b", 2, 2, 1)), put(kv("b", "1", 3, 3, 1)))));
        assertThat(RevisionChecker
                .check(histories.get("a", 3, kv("a", "1b", 2, 2, 1)).history()))
                .isInstanceOf(Verdict.Passed.class);
        assertThat(RevisionChecker.check(histories.get("a", 3, kv("a", "1", 2, 2, 1)).history()))
                .isInstanceOf(Verdict.Violated.class);
    }

    /** Two writes of a, a transaction of a and b, the deletion of a. */
    private static Histories history() {
        var txn = new Request.Txn(List.of(), List.of(new Request.Put(A, Bytes.utf8("x")),
                new Request.Put(B, Bytes.utf8("x"))), List.of());
        return new Histories().put("a", "1", 2).put("a", "2", 3)
                .then(txn, new Response.Txn(4, true,
                        List.of(new Response.Put(0), new Response.Put(0))))
                .then(new Request.DeleteRange(A), new Response.DeleteRange(5, 1, List.of()));
    }

    private static WatchResponse events(Event... events) {
        return new WatchResponse.Events(90, 5, List.of(events));
    }

    private static WatchResponse progress(long revision) {
        return new WatchResponse.Progress(91, revision);
    }

    private static Verdict check(WatchRequest request, WatchResponse... responses) {
        Histories histories = history();
        WatchRecorder recorder = histories.builder().watch(2, 80, request);
        for (WatchResponse response : responses) {
            recorder.told(response);
        }
        return RevisionChecker.check(histories.history());
    }

    private static void passes(WatchRequest request, WatchResponse... responses) {
        assertThat(check(request, responses)).isInstanceOf(Verdict.Passed.class);
    }

    private static void violates(ViolationKind kind, WatchRequest request,
            WatchResponse... responses) {
        assertThat(check(request, responses)).isInstanceOfSatisfying(Verdict.Violated.class,
                found -> assertThat(found.kind()).as(found.what()).isEqualTo(kind));
    }
}
