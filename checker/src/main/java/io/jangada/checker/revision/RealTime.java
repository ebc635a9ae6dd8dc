// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.etcd.Effects;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether revisions agree with the clock. With a store that numbers its writes this is all there is to
 * the real-time part of linearizability: of two operations of which one returned before the other was
 * called, the first must not have the higher revision, nor an equal one if the second made it.
 */
final class RealTime {
    private final Ledger ledger;
    private final Observations observations;

    private RealTime(Ledger ledger) {
        this.ledger = ledger;
        this.observations = ledger.observations();
    }

    /** The first contradiction, or null. */
    static @Nullable Violated check(Ledger ledger) {
        return new RealTime(ledger).check();
    }

    private @Nullable Violated check() {
        for (Operation operation : ledger.history().operations()) {
            if (operation.response() instanceof Response.Done done && done.revision() != 0) {
                Violated found = check(operation, done);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable Violated check(Operation operation, Response.Done done) {
        if (operation.request() instanceof Request.Range range
                && range.revision() > done.revision()) {
            return Violated.of(ViolationKind.READ_FROM_FUTURE, "a read at revision "
                    + range.revision() + " was answered when the store was at " + done.revision(),
                    operation);
        }
        if (!Effects.isLinearizable(operation)) {
            return null;
        }
        boolean isWrite = Effects.madeRevision(done);
        if (!isWrite && done.revision() < ledger.base()) {
            return Violated.of(ViolationKind.STALE_READ, "shows revision " + done.revision()
                    + " of a store that was at " + ledger.base() + " from the beginning",
                    operation);
        }
        int before = observations.highestBefore(operation.callNanos());
        if (before == Observations.NONE) {
            return null;
        }
        long shown = observations.revision(before);
        if (isWrite ? done.revision() > shown : done.revision() >= shown) {
            return null;
        }
        return isWrite
                ? earlyWrite(operation, done.revision(), before)
                : staleRead(operation, done.revision(), before);
    }

    private Violated staleRead(Operation operation, long revision, int before) {
        return withSource(ViolationKind.STALE_READ, "shows revision " + revision + " although "
                + observations.revision(before) + " was shown before it was called", operation,
                before);
    }

    private Violated earlyWrite(Operation operation, long revision, int before) {
        int source = observations.source(before);
        boolean seenByWrite = source >= 0
                && Effects.madeRevision(ledger.operation(source).response());
        return withSource(
                seenByWrite ? ViolationKind.WRITE_BACK_IN_TIME : ViolationKind.READ_FROM_FUTURE,
                "a write made revision " + revision + " although "
                        + observations.revision(before) + " was shown before it was called",
                operation, before);
    }

    private Violated withSource(ViolationKind kind, String what, Operation operation, int before) {
        int source = observations.source(before);
        return source >= 0
                ? Violated.of(kind, what, operation, ledger.operation(source))
                : new Violated(kind, what, List.of(operation),
                        List.of(ledger.history().watches().get(~source)));
    }
}
