// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.report;

import io.jangada.checker.Verdict;
import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.etcd.Effects;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Watch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes a history smaller while the check goes on finding the very same violation: the same kind, in
 * the same words, by the same operations and watchers (delta debugging, Zeller and Hildebrandt 2002).
 * Revisions whose writers are taken out are left behind as omitted ones. Thread-safe: nothing is
 * kept.
 */
public final class Shrinker {
    private final Function<History, Verdict> check;
    private final Violated violated;
    private final History whole;
    private final List<Long> holes;
    private int checksLeft;

    /**
     * What came of it.
     *
     * @param history the smaller history; no operation less has the violation, unless the bound on
     *        checks was reached
     * @param violated its violation
     */
    public record Shrunk(History history, Violated violated) {}

    /** One thing that can be left out. */
    private sealed interface Part {
        /** An operation. */
        record OfOperation(Operation operation) implements Part {}

        /** A watcher. */
        record OfWatch(Watch watch) implements Part {}

        /** A revision that no response acknowledged. */
        record OfHole(long revision) implements Part {}
    }

    private Shrinker(Function<History, Verdict> check, History whole, Violated violated,
            int checksMax) {
        this.check = check;
        this.whole = whole;
        this.violated = violated;
        this.checksLeft = checksMax;
        holes = holes();
    }

    /**
     * Shrinks {@code history}.
     *
     * @param check what found the violation
     * @param violated what it found in {@code history}
     * @param checksMax how often to check at most
     */
    public static Shrunk shrink(Function<History, Verdict> check, History history,
            Violated violated, int checksMax) {
        return new Shrinker(check, history, violated, checksMax).shrink();
    }

    private Shrunk shrink() {
        List<Part> parts = new ArrayList<>();
        whole.operations().forEach(each -> parts.add(new Part.OfOperation(each)));
        whole.watches().forEach(each -> parts.add(new Part.OfWatch(each)));
        holes.forEach(each -> parts.add(new Part.OfHole(each)));
        return new Shrunk(history(minimize(parts)), violated);
    }

    /** The revisions that no response acknowledged; none if there are more than operations. */
    private List<Long> holes() {
        Set<Long> claimed = new HashSet<>(whole.omitted());
        long last = whole.initial().revision();
        for (Operation each : whole.operations()) {
            last = Math.max(last, each.response().revision());
            if (Effects.madeRevision(each.response())) {
                claimed.add(each.response().revision());
            }
        }
        List<Long> holes = new ArrayList<>();
        for (long revision = whole.initial().revision() + 1; revision <= last
                && holes.size() <= whole.operations().size(); revision++) {
            if (!claimed.contains(revision)) {
                holes.add(revision);
            }
        }
        return holes.size() <= whole.operations().size() ? holes : List.of();
    }

    /** Takes out ever smaller pieces, down to single parts, until none can go. */
    private List<Part> minimize(List<Part> all) {
        List<Part> kept = all;
        int size = Math.max(1, kept.size() / 2);
        while (checksLeft > 0) {
            boolean isSmaller = false;
            for (int from = 0; from < kept.size() && checksLeft > 0;) {
                List<Part> rest = without(kept, from, Math.min(kept.size(), from + size));
                if (isStillViolated(rest)) {
                    kept = rest;
                    isSmaller = true;
                } else {
                    from += size;
                }
            }
            if (size == 1 && !isSmaller) {
                break;
            }
            size = Math.max(1, size / 2);
        }
        return kept;
    }

    private boolean isStillViolated(List<Part> parts) {
        checksLeft--;
        return violated.equals(check.apply(history(parts)));
    }

    private History history(List<Part> parts) {
        List<Operation> operations = new ArrayList<>();
        List<Watch> watches = new ArrayList<>();
        Set<Long> kept = new HashSet<>();
        for (Part part : parts) {
            switch (part) {
                case Part.OfOperation(Operation operation) -> {
                    operations.add(operation);
                    if (Effects.madeRevision(operation.response())) {
                        kept.add(operation.response().revision());
                    }
                }
                case Part.OfWatch(Watch watch) -> watches.add(watch);
                case Part.OfHole(long revision) -> kept.add(revision);
            }
        }
        Set<Long> omitted = new HashSet<>(whole.omitted());
        holes.stream().filter(each -> !kept.contains(each)).forEach(omitted::add);
        for (Operation each : whole.operations()) {
            if (Effects.madeRevision(each.response())
                    && !kept.contains(each.response().revision())) {
                omitted.add(each.response().revision());
            }
        }
        return new History(whole.initial(), omitted, operations, watches);
    }

    private static List<Part> without(List<Part> parts, int from, int to) {
        List<Part> rest = new ArrayList<>(parts.subList(0, from));
        rest.addAll(parts.subList(to, parts.size()));
        return rest;
    }
}
