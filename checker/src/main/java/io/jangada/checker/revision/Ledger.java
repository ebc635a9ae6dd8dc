// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.etcd.Effects;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each revision with the write that claims it, the reads that look at it, and the time by which it was
 * there: what responses say before anything is replayed. Immutable once made.
 */
final class Ledger {
    /** Nobody claims the revision. */
    static final int HOLE = -1;
    /** The history leaves the revision out. */
    static final int OMITTED = -2;
    /** There is no further read. */
    static final int END = -1;

    private final History history;
    private final List<Operation> operations;
    private final Observations observations;
    private final long base;
    private long last;
    private int[] claims = {};
    private int[] firstReads = {};
    private final int[] nextReads;
    private long[] knownByNanos = {};
    private final List<Operation> unknowns = new ArrayList<>();
    private final List<Operation> revokes = new ArrayList<>();
    private int writeCount;
    private int readCount;
    private int holeCount;
    private @Nullable Violated violation;

    Ledger(History history) {
        this.history = history;
        operations = history.operations();
        observations = new Observations(history);
        base = history.initial().revision();
        last = base;
        nextReads = new int[operations.size()];
        for (int i = 0; i < observations.count(); i++) {
            last = Math.max(last, observations.revision(i));
        }
        if (isDense()) {
            int length = (int) (last - base + 1);
            claims = new int[length];
            Arrays.fill(claims, HOLE);
            firstReads = new int[length];
            Arrays.fill(firstReads, END);
            knownByNanos = new long[length];
            Arrays.fill(knownByNanos, Long.MAX_VALUE);
            fill();
        }
    }

    /** What is wrong whatever the writes did, or null. */
    @Nullable
    Violated violation() {
        return violation;
    }

    History history() {
        return history;
    }

    Observations observations() {
        return observations;
    }

    /** The revision before the first. */
    long base() {
        return base;
    }

    /** The last revision that anyone was shown. */
    long last() {
        return last;
    }

    /** The place of the write that claims {@code revision}, or {@link #HOLE} or {@link #OMITTED}. */
    int claim(long revision) {
        return claims[(int) (revision - base)];
    }

    Operation operation(int place) {
        return operations.get(place);
    }

    /** The first operation that looks at the state at {@code revision}, or {@link #END}. */
    int firstRead(long revision) {
        return firstReads[(int) (revision - base)];
    }

    /** The next one after {@code place}, or {@link #END}. */
    int nextRead(int place) {
        return nextReads[place];
    }

    /** When somebody was first shown {@code revision} or a later one. */
    long knownByNanos(long revision) {
        return knownByNanos[(int) (revision - base)];
    }

    /** Operations of unknown outcome that may change keys, by the time of their calls. */
    List<Operation> unknowns() {
        return unknowns;
    }

    /** Acknowledged ends of leases, which may have a revision of their own. */
    List<Operation> revokes() {
        return revokes;
    }

    int writeCount() {
        return writeCount;
    }

    int readCount() {
        return readCount;
    }

    int holeCount() {
        return holeCount;
    }

    /**
     * Whether there are not more revisions than anything can have made; so that a wild number in a
     * response costs no memory.
     */
    private boolean isDense() {
        long possible = (long) history.omitted().size()
                + history.initial().kvs().size();
        for (Operation each : operations) {
            boolean isCandidate = each.isUnknown() || each.response() instanceof Response.LeaseGrant
                    || each.response() instanceof Response.LeaseRevoke
                    || Effects.madeRevision(each.response());
            possible += isCandidate ? 1 : 0;
        }
        if (last - base <= possible) {
            return true;
        }
        violation = inventedRevision();
        return false;
    }

    private Violated inventedRevision() {
        String what = "revision " + last + " was shown, but there are too few writes for "
                + (last - base) + " revisions";
        for (int i = 0; i < observations.count(); i++) {
            if (observations.revision(i) == last) {
                int source = observations.source(i);
                return source >= 0
                        ? Violated.of(ViolationKind.READ_FROM_FUTURE, what, operation(source))
                        : Violated.of(ViolationKind.READ_FROM_FUTURE, what,
                                history.watches().get(~source));
            }
        }
        throw new IllegalStateException("nobody was shown " + last);
    }

    private void fill() {
        for (long revision : history.omitted()) {
            if (revision > base && revision <= last) {
                claims[(int) (revision - base)] = OMITTED;
            }
        }
        for (int i = operations.size() - 1; i >= 0; i--) { // Backwards: reads are pushed in front.
            place(i);
        }
        unknowns.sort((a, b) -> Long.compare(a.callNanos(), b.callNanos()));
        for (int i = 0; i < observations.count(); i++) {
            if (observations.revision(i) >= base) {
                int at = (int) (observations.revision(i) - base);
                knownByNanos[at] = Math.min(knownByNanos[at], observations.time(i));
            }
        }
        for (int at = knownByNanos.length - 2; at >= 0; at--) {
            knownByNanos[at] = Math.min(knownByNanos[at], knownByNanos[at + 1]);
        }
        for (int at = 1; at < claims.length; at++) {
            holeCount += claims[at] == HOLE ? 1 : 0;
        }
    }

    private void place(int i) {
        Operation operation = operations.get(i);
        Response response = operation.response();
        if (operation.isUnknown()) {
            if (Effects.mayChange(operation.request())) {
                unknowns.add(operation);
            }
        } else if (Effects.madeRevision(response)) {
            claim(i, operation);
        } else if (response instanceof Response.LeaseRevoke) {
            revokes.add(operation);
            look(i, response.revision());
        } else if (operation.request() instanceof Request.Range range
                && response instanceof Response.Range) {
            look(i, range.revision() > 0 ? range.revision() : response.revision());
        } else if (response instanceof Response.Txn || response instanceof Response.DeleteRange) {
            look(i, response.revision());
        }
    }

    private void claim(int i, Operation operation) {
        long revision = operation.response().revision();
        if (revision <= base) {
            violation = Violated.of(ViolationKind.WRITE_BACK_IN_TIME, "a write got revision "
                    + revision + " in a store that was at " + base, operation);
            return;
        }
        int at = (int) (revision - base);
        if (claims[at] != HOLE) {
            violation = claims[at] == OMITTED
                    ? Violated.of(ViolationKind.DUPLICATE_REVISION, "revision " + revision
                            + " belongs to a write that was left out", operation)
                    : Violated.of(ViolationKind.DUPLICATE_REVISION, "two writes got revision "
                            + revision, operation, operations.get(claims[at]));
            return;
        }
        claims[at] = i;
        writeCount++;
    }

    private void look(int i, long revision) {
        if (revision < base) {
            return; // Older than what is known.
        }
        if (revision > last) {
            violation = Violated.of(ViolationKind.READ_FROM_FUTURE, "a read at revision " + revision
                    + " was answered when nobody had seen one beyond " + last, operations.get(i));
            return;
        }
        int at = (int) (revision - base);
        nextReads[i] = firstReads[at];
        firstReads[at] = i;
        readCount++;
    }
}
