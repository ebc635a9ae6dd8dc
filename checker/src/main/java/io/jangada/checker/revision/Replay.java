// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.Figures;
import io.jangada.checker.Verdict;
import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.etcd.EventLog;
import io.jangada.checker.etcd.Execution;
import io.jangada.checker.etcd.KeySpace;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchResponse;
import io.jangada.checker.watch.WatchChecker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries the writes out by their revisions and compares every response with what the state says.
 * Where nobody acknowledged a revision, it goes through all that can have made it, and comes back for
 * the next possibility when a later response contradicts. Belongs to one thread.
 */
final class Replay {
    private final Ledger ledger;
    private final Compactions compactions;
    private final Leases leases;
    private final KeySpace keys;
    private final Fillers fillers;
    private final EventLog log;
    private final long stepsMax;
    private final Deque<Choice> choices = new ArrayDeque<>();
    private long steps;
    private @Nullable Violated furthest;
    private long furthestRevision = -1;

    /** A revision, and what may have made it that has not been gone through. */
    private record Choice(long revision, Deque<Filler> remaining) {}

    Replay(Ledger ledger, Compactions compactions, long stepsMax) {
        History history = ledger.history();
        this.ledger = ledger;
        this.compactions = compactions;
        this.stepsMax = stepsMax;
        leases = new Leases(history);
        keys = new KeySpace(history.initial().kvs());
        fillers = new Fillers(ledger, new Evidence(ledger), leases, keys);
        log = new EventLog(ledger.base());
    }

    Verdict run() {
        Violated found = checkReads(ledger.base());
        if (found != null) {
            return found;
        }
        while (true) {
            boolean isEnd = log.last() == ledger.last();
            found = isEnd ? checkWatches() : step(log.last() + 1);
            if (found == null && isEnd) {
                return passed();
            }
            while (found != null) {
                note(found);
                Choice choice = choices.peek();
                if (choice == null) {
                    return furthest == null ? found : furthest;
                }
                found = takeNext(choice);
            }
            if (steps + fillers.tries() > stepsMax) {
                return new Verdict.Undecided("more than " + stepsMax
                        + " steps: too many revisions whose writers nobody knows");
            }
        }
    }

    private Verdict passed() {
        long events = 0;
        for (Watch watch : ledger.history().watches()) {
            for (WatchResponse response : watch.responses()) {
                events += response instanceof WatchResponse.Events told ? told.events().size() : 0;
            }
        }
        return new Verdict.Passed(new Figures(ledger.history().operations().size(),
                ledger.writeCount(), ledger.readCount(), ledger.last() - ledger.base(),
                ledger.holeCount(), ledger.history().watches().size(), events));
    }

    /** Of contradictions on different ways, the one that came last says most. */
    private void note(Violated found) {
        if (furthest == null || log.last() > furthestRevision) {
            furthest = found;
            furthestRevision = log.last();
        }
    }

    private @Nullable Violated step(long revision) {
        steps++;
        int place = ledger.claim(revision);
        if (place == Ledger.OMITTED) {
            log.append(List.of());
            return checkReads(revision);
        }
        if (place != Ledger.HOLE) {
            Violated found = write(ledger.operation(place), revision);
            return found == null ? checkReads(revision) : found;
        }
        Fillers.Found found = fillers.find(revision);
        if (found.fitting().isEmpty()) {
            return fillers.unexplained(revision, found);
        }
        Choice choice = new Choice(revision, new ArrayDeque<>(found.fitting()));
        choices.push(choice);
        return takeNext(choice);
    }

    /** Goes back to {@code choice}, the last one, and from there the next way. */
    private @Nullable Violated takeNext(Choice choice) {
        while (log.last() >= choice.revision()) {
            undo(log.removeLast());
        }
        fillers.freeFrom(choice.revision());
        Filler filler = choice.remaining().poll();
        if (choice.remaining().isEmpty()) {
            choices.pop();
        }
        if (filler == null) {
            throw new IllegalStateException("a choice of nothing at " + choice.revision());
        }
        steps++;
        fillers.use(filler, choice.revision());
        log.append(Execution.run(keys, filler.request(), choice.revision(),
                new Response.Unknown()).events());
        return checkReads(choice.revision());
    }

    private void undo(List<Event> events) {
        for (Event event : events.reversed()) {
            keys.undo(event);
        }
    }

    private @Nullable Violated write(Operation operation, long revision) {
        Execution.Result result = Execution.run(keys, operation.request(), revision,
                operation.response());
        log.append(result.events());
        if (!result.response().equals(operation.response())) {
            return new Diagnosis(ledger, log, operation, revision).of(result.response(),
                    operation.response());
        }
        for (Event event : result.events()) {
            long lease = event.kv().lease();
            if (lease != 0) {
                String objection = objection(lease, revision);
                if (objection != null) {
                    return Violated.of(ViolationKind.DEAD_LEASE_USED, "operation "
                            + operation.id() + " attached " + event.kv().key() + " to "
                            + objection, operation);
                }
            }
        }
        return null;
    }

    private @Nullable String objection(long lease, long revision) {
        return revision > fillers.endOf(lease)
                ? "lease " + lease + ", which had ended at " + fillers.endOf(lease)
                : leases.objection(lease, revision, ledger.knownByNanos(revision));
    }

    private @Nullable Violated checkReads(long revision) {
        for (int place = ledger.firstRead(revision); place != Ledger.END; place = ledger
                .nextRead(place)) {
            steps++;
            Operation operation = ledger.operation(place);
            Violated found = operation.request() instanceof Request.LeaseRevoke revoke
                    ? checkRevoke(operation, revoke, revision)
                    : checkRead(operation, revision);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Violated checkRead(Operation operation, long revision) {
        Response told = operation.response();
        Response expected;
        if (operation.request() instanceof Request.Range range) {
            expected = Execution.read(keys, range, told.revision());
        } else {
            Execution.Result result = Execution.run(keys, operation.request(), told.revision(),
                    told);
            undo(result.events());
            expected = result.response();
        }
        return expected.equals(told)
                ? null
                : new Diagnosis(ledger, log, operation, revision).of(expected, told);
    }

    /** One that made no revision of its own: its lease had no keys then. */
    private @Nullable Violated checkRevoke(Operation operation, Request.LeaseRevoke revoke,
            long revision) {
        return fillers.revisionOf(operation) == revision || !keys.isAttached(revoke.lease())
                ? null
                : Violated.of(ViolationKind.WRONG_RESPONSE, "operation " + operation.id()
                        + " ended lease " + revoke.lease() + " at revision " + revision
                        + ", where it has the keys " + keys.attachedTo(revoke.lease()),
                        operation);
    }

    private @Nullable Violated checkWatches() {
        for (Watch watch : ledger.history().watches()) {
            steps += ledger.last() - ledger.base();
            Optional<Violated> found = WatchChecker.check(log, compactions::mayHave, watch);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return null;
    }
}
