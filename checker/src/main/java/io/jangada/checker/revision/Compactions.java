// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was compacted when, and whether reads of the past were answered or refused accordingly. */
final class Compactions {
    private final List<Operation> acknowledged = new ArrayList<>();
    private final List<Operation> possible = new ArrayList<>();
    private final Ledger ledger;

    Compactions(Ledger ledger) {
        this.ledger = ledger;
        for (Operation operation : ledger.history().operations()) {
            if (operation.request() instanceof Request.Compact
                    && !(operation.response() instanceof Response.Refused)) {
                possible.add(operation);
                if (!operation.isUnknown()) {
                    acknowledged.add(operation);
                }
            }
        }
    }

    /** The first contradiction, or null. */
    @Nullable
    Violated check() {
        History history = ledger.history();
        for (Operation operation : history.operations()) {
            Violated found = switch (operation.request()) {
                case Request.Range range when range.revision() > 0 -> checkRead(operation, range);
                case Request.Compact compact when operation
                        .response() instanceof Response.Compact done ->
                    checkCompact(operation,
                            compact, done);
                default -> null;
            };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Whether all before {@code revision} may have been compacted by {@code nanos}. */
    boolean mayHave(long revision, long nanos) {
        return possible.stream()
                .anyMatch(each -> revisionOf(each) >= revision && each.callNanos() <= nanos);
    }

    private @Nullable Violated checkRead(Operation operation, Request.Range range) {
        return switch (operation.response()) {
            case Response.Range ignored when range
                    .consistency() == Request.Consistency.LINEARIZABLE -> {
                Operation earlier = compactedBefore(operation, range.revision());
                yield earlier == null
                        ? null
                        : Violated.of(ViolationKind.COMPACTED_READ, "revision " + range.revision()
                                + " was read after all before " + revisionOf(earlier)
                                + " was compacted", operation, earlier);
            }
            case Response.Refused(Response.Reason reason) -> checkRefusal(operation, range, reason);
            default -> null;
        };
    }

    private @Nullable Violated checkRefusal(Operation operation, Request.Range range,
            Response.Reason reason) {
        if (reason == Response.Reason.COMPACTED
                && !mayHave(range.revision() + 1, operation.returnNanos())) {
            return Violated.of(ViolationKind.WRONG_REFUSAL, "revision " + range.revision()
                    + " was refused as compacted, which it was not", operation);
        }
        int before = ledger.observations().highestBefore(operation.callNanos());
        if (reason == Response.Reason.FUTURE_REVISION
                && range.consistency() == Request.Consistency.LINEARIZABLE
                && before != Observations.NONE
                && ledger.observations().revision(before) >= range.revision()) {
            return Violated.of(ViolationKind.WRONG_REFUSAL, "revision " + range.revision()
                    + " was refused as one to come, but "
                    + ledger.observations().revision(before) + " had been shown", operation);
        }
        return null;
    }

    private @Nullable Violated checkCompact(Operation operation, Request.Compact compact,
            Response.Compact done) {
        if (compact.revision() > done.revision()) {
            return Violated.of(ViolationKind.WRONG_RESPONSE, "revision " + compact.revision()
                    + " was compacted when the store was at " + done.revision(), operation);
        }
        Operation earlier = compactedBefore(operation, compact.revision() - 1);
        return earlier == null
                ? null
                : Violated.of(ViolationKind.WRONG_RESPONSE, "revision " + compact.revision()
                        + " was compacted again after " + revisionOf(earlier), operation, earlier);
    }

    /** A compaction that ended before {@code operation} began and took {@code revision} away. */
    private @Nullable Operation compactedBefore(Operation operation, long revision) {
        for (Operation each : acknowledged) {
            if (revisionOf(each) > revision && each.precedes(operation)) {
                return each;
            }
        }
        return null;
    }

    private static long revisionOf(Operation operation) {
        return operation.request() instanceof Request.Compact compact ? compact.revision() : 0;
    }
}
