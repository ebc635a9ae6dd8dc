// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import static io.jangada.checker.reference.Histories.kv;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.History;
import io.jangada.checker.history.InitialState;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.reference.Histories;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each kind of violation is caught by its name, and its correct twin passes. */
class ViolationsTest {
    private static final long SECOND = 1_000_000_000;
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final Bytes ONE = Bytes.utf8("1");
    private static final KeyValue A1 = kv("a", "1", 2, 2, 1);
    private static final KeyValue A2 = kv("a", "2", 2, 3, 2);

    @Test
    void staleRead() {
        passes(new Histories().put("a", "1", 2).put("a", "2", 3).get("a", 3, A2));
        violates(ViolationKind.STALE_READ,
                new Histories().put("a", "1", 2).put("a", "2", 3).get("a", 2, A1));
    }

    @Test
    void staleStateUnderAFreshRevision() {
        violates(ViolationKind.STALE_READ, new Histories().put("a", "1", 2).put("a", "2", 3)
                .get("a", 3, A2).get("a", 3, A1));
    }

    @Test
    void aConcurrentReadMayBeOld() {
        passes(new Histories().put("a", "1", 2)
                .at(10, 20, new Request.Put(A, Bytes.utf8("2")), new Response.Put(3))
                .at(15, 18, new Request.Range(A), new Response.Range(2, List.of(A1))));
    }

    @Test
    void lostAcknowledgedWrite() {
        violates(ViolationKind.LOST_WRITE,
                new Histories().put("a", "1", 2).put("a", "2", 3).get("a", 3, A1));
        violates(ViolationKind.LOST_WRITE, new Histories().put("a", "1", 2).get("a", 2));
    }

    @Test
    void duplicateRevision() {
        violates(ViolationKind.DUPLICATE_REVISION,
                new Histories().put("a", "1", 2).put("b", "1", 2));
    }

    @Test
    void writeThatWentBackInTime() {
        violates(ViolationKind.WRITE_BACK_IN_TIME,
                new Histories().put("a", "1", 3).put("b", "1", 2));
        passes(new Histories()
                .at(10, 20, new Request.Put(A, ONE), new Response.Put(3))
                .at(15, 25, new Request.Put(B, ONE), new Response.Put(2)));
    }

    @Test
    void readFromTheFuture() {
        violates(ViolationKind.READ_FROM_FUTURE,
                new Histories().get("a", 2, A1).put("a", "1", 2));
        violates(ViolationKind.READ_FROM_FUTURE, new Histories().get("b", 1_000_000_000_000L));
        violates(ViolationKind.READ_FROM_FUTURE,
                new Histories().put("a", "1", 2).at(20, 30, new Request.Range(A),
                        new Response.Range(2, List.of(A2)))
                        .at(20, 30, new Request.Put(A, Bytes.utf8("2")), new Response.Put(3)));
    }

    @Test
    void wrongRead() {
        violates(ViolationKind.WRONG_READ,
                new Histories().put("a", "1", 2).get("a", 2, kv("a", "x", 2, 2, 1)));
        violates(ViolationKind.WRONG_READ,
                new Histories().put("a", "1", 2).get("a", 2, kv("a", "1", 2, 2, 2)));
        violates(ViolationKind.WRONG_READ, new Histories().put("a", "1", 2).then(
                new Request.Range(A), new Response.Range(2, List.of(A1), 2, false)));
    }

    @Test
    void wrongPrevKv() {
        var again = new Request.Put(A, Bytes.utf8("2"), 0, true);
        passes(new Histories().put("a", "1", 2).then(again, new Response.Put(3, A1)));
        violates(ViolationKind.WRONG_PREV_KV,
                new Histories().put("a", "1", 2).then(again, new Response.Put(3)));
        violates(ViolationKind.WRONG_PREV_KV,
                new Histories().put("a", "1", 2).then(
                        new Request.DeleteRange(KeyRange.of(A), true),
                        new Response.DeleteRange(3, 1, List.of(A2))));
    }

    @Test
    void wrongCountOfDeleted() {
        violates(ViolationKind.WRONG_RESPONSE, new Histories().put("a", "1", 2)
                .then(new Request.DeleteRange(KeyRange.all(), false),
                        new Response.DeleteRange(3, 2, List.of())));
    }

    @Test
    void wrongCompare() {
        var txn = new Request.Txn(
                List.of(Compare.number(A, Compare.Target.VERSION, Compare.Relation.EQUAL, 1)),
                List.of(new Request.Put(B, ONE)), List.of());
        passes(new Histories().put("a", "1", 2).then(txn,
                new Response.Txn(3, true, List.of(new Response.Put(0)))));
        violates(ViolationKind.WRONG_COMPARE,
                new Histories().put("a", "1", 2).then(txn, new Response.Txn(2, false, List.of())));
    }

    @Test
    void partOfATransaction() {
        var txn = new Request.Txn(List.of(),
                List.of(new Request.Put(A, ONE), new Request.Put(B, ONE)), List.of());
        var done = new Response.Txn(2, true, List.of(new Response.Put(0), new Response.Put(0)));
        passes(new Histories().then(txn, done).get("b", 2, kv("b", "1", 2, 2, 1)));
        violates(ViolationKind.PARTIAL_TXN,
                new Histories().then(txn, done).get("a", 2, A1).get("b", 2));
        violates(ViolationKind.PARTIAL_TXN, new Histories().then(txn, done).then(
                new Request.Range(KeyRange.all()), new Response.Range(2, List.of(A1))));
    }

    @Test
    void revisionThatNobodyMade() {
        violates(ViolationKind.UNEXPLAINED_REVISION,
                new Histories().then(new Request.Put(A, ONE), new Response.Put(3))
                        .at(10, 20, new Request.Put(B, ONE), new Response.Unknown()));
    }

    @Test
    void whatHasNoOutcomeMayExplainARevision() {
        passes(new Histories().lostPut("b", "1").put("a", "1", 3)
                .get("b", 3, kv("b", "1", 2, 2, 1)));
        passes(new Histories().lostPut("b", "1").put("a", "1", 2).get("b", 2));
        violates(ViolationKind.WRONG_READ, new Histories().lostPut("b", "1").put("a", "1", 3)
                .get("b", 3, kv("b", "2", 2, 2, 1)));
    }

    @Test
    void goesBackToTheOtherExplanation() {
        // Either may have made revision 2; only the later count tells which.
        passes(new Histories().lostPut("b", "1").then(new Request.Put(Bytes.utf8("c"), ONE),
                new Response.Unknown()).put("a", "1", 3)
                .then(new Request.Range(B), new Response.Range(3, List.of())));
        passes(new Histories().then(new Request.Put(Bytes.utf8("c"), ONE),
                new Response.Unknown()).lostPut("b", "1").put("a", "1", 3)
                .then(new Request.Range(Bytes.utf8("c")), new Response.Range(3, List.of())));
    }

    @Test
    void ofTwoThatWroteTheSameEitherMayHaveMadeWhatIsSeen() {
        // The first made revision 2, which nobody looked at; the second was called too late for it.
        passes(new Histories().lostPut("c", "1").lostPut("a", "1").get("b", 2)
                .lostPut("a", "1").get("a", 3, kv("a", "1", 2, 3, 2)).get("c", 3));
        violates(ViolationKind.WRONG_READ, new Histories().lostPut("a", "1").get("b", 2)
                .lostPut("a", "1").get("a", 3, kv("a", "1", 3, 3, 1)));
    }

    @Test
    void beginsWithWhatWasThere() {
        var builder = History.builder(new InitialState(9, List.of(A1)));
        builder.add(1, 1, 2, new Request.Put(A, ONE, 0, true), new Response.Put(10, A1));
        builder.add(1, 3, 4, new Request.Range(A),
                new Response.Range(10, List.of(kv("a", "1", 2, 10, 2))));
        assertThat(RevisionChecker.check(builder.build())).isInstanceOf(Verdict.Passed.class);
        builder.add(1, 5, 6, new Request.Range(A), new Response.Range(8, List.of(A1)));
        assertThat(RevisionChecker.check(builder.build()))
                .isInstanceOfSatisfying(Verdict.Violated.class,
                        found -> assertThat(found.kind()).isEqualTo(ViolationKind.STALE_READ));
    }

    @Test
    void saysSoWhenTheBoundIsReached() {
        assertThat(RevisionChecker.check(
                new Histories().lostPut("b", "1").lostPut("c", "1").put("a", "1", 3).history(), 1))
                .isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void earlyLeaseExpiry() {
        violates(ViolationKind.EARLY_LEASE_EXPIRY, leased(2 * SECOND));
        passes(leased(6 * SECOND));
    }

    @Test
    void keepAliveMovesTheEnd() {
        Histories kept = leasedUntil(4 * SECOND, 6 * SECOND);
        violates(ViolationKind.EARLY_LEASE_EXPIRY, kept);
        passes(leasedUntil(4 * SECOND, 10 * SECOND));
    }

    @Test
    void deadLease() {
        var put = new Request.Put(A, ONE, 7, false);
        var grant = new Request.LeaseGrant(7, 5);
        passes(new Histories().then(grant, new Response.LeaseGrant(1, 7, 5)).then(put,
                new Response.Put(2)));
        violates(ViolationKind.DEAD_LEASE_USED, new Histories().then(put, new Response.Put(2)));
        violates(ViolationKind.DEAD_LEASE_USED,
                new Histories().then(grant, new Response.LeaseGrant(1, 7, 5))
                        .then(new Request.LeaseRevoke(7), new Response.LeaseRevoke(1))
                        .then(put, new Response.Put(2)));
    }

    @Test
    void revokeTakesTheKeysAlong() {
        Histories revoked = new Histories()
                .then(new Request.LeaseGrant(7, 5), new Response.LeaseGrant(1, 7, 5))
                .then(new Request.Put(A, ONE, 7, false), new Response.Put(2));
        var revoke = new Request.LeaseRevoke(7);
        violates(ViolationKind.WRONG_RESPONSE, revoked.then(revoke, new Response.LeaseRevoke(2)));
        passes(new Histories()
                .then(new Request.LeaseGrant(7, 5), new Response.LeaseGrant(1, 7, 5))
                .then(new Request.Put(A, ONE, 7, false), new Response.Put(2))
                .then(revoke, new Response.LeaseRevoke(3)).get("a", 3));
    }

    @Test
    void readOfWhatIsCompacted() {
        var past = new Request.Range(KeyRange.of(A), 2, 0, Request.Content.KEYS_AND_VALUES,
                Request.Consistency.LINEARIZABLE);
        var shown = new Response.Range(3, List.of(A1));
        passes(new Histories().put("a", "1", 2).put("a", "2", 3).then(past, shown));
        violates(ViolationKind.COMPACTED_READ,
                new Histories().put("a", "1", 2).put("a", "2", 3)
                        .then(new Request.Compact(3), new Response.Compact(3)).then(past, shown));
        violates(ViolationKind.WRONG_REFUSAL, new Histories().put("a", "1", 2).put("a", "2", 3)
                .then(past, new Response.Refused(Response.Reason.COMPACTED)));
    }

    private static Histories leased(long endNanos) {
        return new Histories()
                .then(new Request.LeaseGrant(7, 5), new Response.LeaseGrant(1, 7, 5))
                .then(new Request.Put(A, ONE, 7, false), new Response.Put(2))
                .at(endNanos, endNanos + 1, new Request.Range(A),
                        new Response.Range(3, List.of()));
    }

    private static Histories leasedUntil(long keptNanos, long endNanos) {
        return new Histories()
                .then(new Request.LeaseGrant(7, 5), new Response.LeaseGrant(1, 7, 5))
                .then(new Request.Put(A, ONE, 7, false), new Response.Put(2))
                .at(keptNanos, keptNanos + 1, new Request.LeaseKeepAlive(7),
                        new Response.LeaseKeepAlive(2, 5))
                .at(endNanos, endNanos + 1, new Request.Range(A),
                        new Response.Range(3, List.of()));
    }

    private static void passes(Histories histories) {
        assertThat(RevisionChecker.check(histories.history())).isInstanceOf(Verdict.Passed.class);
    }

    private static void violates(ViolationKind kind, Histories histories) {
        History history = histories.history();
        assertThat(RevisionChecker.check(history)).isInstanceOfSatisfying(Verdict.Violated.class,
                found -> assertThat(found.kind()).as(found.what()).isEqualTo(kind));
    }
}
