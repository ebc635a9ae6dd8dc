// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.etcd.Execution;
import io.jangada.checker.etcd.KeySpace;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what can have made a revision that no response acknowledged. Remembers which operations and
 * leases are used up. Belongs to one thread.
 */
final class Fillers {
    private final Ledger ledger;
    private final Evidence evidence;
    private final Leases leases;
    private final KeySpace keys;
    /** Operations of unknown outcome, each with the revision that it is taken to have made. */
    private final IdentityHashMap<Operation, Long> used = new IdentityHashMap<>();
    /** Leases that have ended, each with its last revision. */
    private final Map<Long, Long> ended = new HashMap<>();
    private long tries;

    /**
     * What was found.
     *
     * @param fitting what agrees with all that was seen; or, if nothing does, with the clock alone
     * @param early leases that would explain it, had they not ended too early
     */
    record Found(List<Filler> fitting, List<Long> early) {
        Found {
            fitting = List.copyOf(fitting);
            early = List.copyOf(early);
        }
    }

    Fillers(Ledger ledger, Evidence evidence, Leases leases, KeySpace keys) {
        this.ledger = ledger;
        this.evidence = evidence;
        this.leases = leases;
        this.keys = keys;
    }

    /** How many things have been tried, for the bound on work. */
    long tries() {
        return tries;
    }

    /** The revision at which {@code lease} ended, or the highest number. */
    long endOf(long lease) {
        return ended.getOrDefault(lease, Long.MAX_VALUE);
    }

    /** The revision that {@code operation} is taken to have made, or 0. */
    long revisionOf(Operation operation) {
        return used.getOrDefault(operation, 0L);
    }

    /** Uses {@code filler} up. */
    void use(Filler filler, long revision) {
        switch (filler) {
            case Filler.Done(Operation operation) -> {
                used.put(operation, revision);
                if (operation.request() instanceof Request.LeaseRevoke revoke) {
                    ended.put(revoke.lease(), revision);
                }
            }
            case Filler.Expired(long lease) -> ended.put(lease, revision);
        }
    }

    /** Frees what was used from {@code revision} on. */
    void freeFrom(long revision) {
        used.values().removeIf(each -> each >= revision);
        ended.values().removeIf(each -> each >= revision);
    }

    /** What can have made {@code revision}, the keys being those of the one before. */
    Found find(long revision) {
        List<Filler> strict = new ArrayList<>();
        List<Filler> loose = new ArrayList<>();
        for (Filler each : candidates(revision)) {
            sort(each, revision, strict, loose);
        }
        List<Long> early = new ArrayList<>();
        for (long lease : expirable(revision)) {
            if (leases.mayHaveExpired(lease, ledger.knownByNanos(revision))) {
                sort(new Filler.Expired(lease), revision, strict, loose);
            } else if (fits(new Filler.Expired(lease), revision)) {
                early.add(lease);
            }
        }
        return new Found(strict.isEmpty() && early.isEmpty() ? loose : strict,
                strict.isEmpty() ? early : List.of());
    }

    /** Why nothing can have made {@code revision}. */
    Violated unexplained(long revision, Found found) {
        if (found.early().isEmpty()) {
            return claimed(ViolationKind.UNEXPLAINED_REVISION, "nothing can have made revision "
                    + revision, revision);
        }
        return claimed(ViolationKind.EARLY_LEASE_EXPIRY, "revision " + revision
                + " looks like the end of lease " + found.early().getFirst()
                + ", which had more time", revision);
    }

    /** With those who first were shown the revision. */
    private Violated claimed(ViolationKind kind, String what, long revision) {
        Observations observations = ledger.observations();
        for (int i = 0; i < observations.count(); i++) {
            if (observations.revision(i) >= revision) {
                int source = observations.source(i);
                return source >= 0
                        ? Violated.of(kind, what, ledger.operation(source))
                        : Violated.of(kind, what, ledger.history().watches().get(~source));
            }
        }
        return Violated.of(kind, what);
    }

    /** Of operations that ask the same, only one: which of them it was makes no difference. */
    private List<Filler> candidates(long revision) {
        long knownByNanos = ledger.knownByNanos(revision);
        List<Filler> candidates = new ArrayList<>();
        Set<Request> asked = new HashSet<>();
        for (Operation each : ledger.unknowns()) {
            if (each.callNanos() > knownByNanos) {
                break;
            }
            if (!used.containsKey(each) && asked.add(each.request())) {
                candidates.add(new Filler.Done(each));
            }
        }
        for (Operation each : ledger.revokes()) {
            if (each.response().revision() == revision) {
                candidates.add(new Filler.Done(each));
            }
        }
        return candidates;
    }

    private Collection<Long> expirable(long revision) {
        List<Bytes> deleted = evidence.deletedKeys(revision);
        if (deleted.isEmpty()) {
            return keys.leases();
        }
        long lease = keys.get(deleted.getFirst()).lease();
        return lease == 0 ? List.of() : List.of(lease);
    }

    private void sort(Filler filler, long revision, List<Filler> strict, List<Filler> loose) {
        tries++;
        List<Event> events = tryOut(filler, revision);
        if (!events.isEmpty() && mayAttach(events, revision)) {
            (evidence.fits(revision, events) ? strict : loose).add(filler);
        }
    }

    private boolean fits(Filler filler, long revision) {
        tries++;
        return evidence.fits(revision, tryOut(filler, revision));
    }

    private boolean mayAttach(List<Event> events, long revision) {
        for (Event event : events) {
            long lease = event.kv().lease();
            if (lease != 0 && (revision > endOf(lease) || leases.objection(lease, revision,
                    ledger.knownByNanos(revision)) != null)) {
                return false;
            }
        }
        return true;
    }

    private List<Event> tryOut(Filler filler, long revision) {
        List<Event> events = Execution
                .run(keys, filler.request(), revision, new Response.Unknown()).events();
        for (Event event : events.reversed()) {
            keys.undo(event);
        }
        return events;
    }
}
