// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.jangada.checker.Verdict;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run came to. Immutable.
 *
 * @param seed of the run
 * @param history what the clients did and saw
 * @param load how long they were under faults
 * @param faults how often each kind was done
 * @param exits how often a member ended by itself
 * @param elections how many terms with a leader were seen
 * @param broken promises broken beside the history's, a sentence each
 * @param verdict on the history
 * @param checked how long that took
 */
public record Report(long seed, History history, Duration load, Map<FaultKind, Integer> faults,
        int exits, int elections, List<String> broken, Verdict verdict, Duration checked) {
    /** Copies the collections. */
    public Report {
        faults = Map.copyOf(faults);
        broken = List.copyOf(broken);
    }

    /** 0: every promise was kept; 1: one was broken; 3: that could not be decided. */
    public int exitCode() {
        if (!broken.isEmpty()) {
            return 1;
        }
        return switch (verdict) {
            case Verdict.Passed ignored -> 0;
            case Verdict.Violated ignored -> 1;
            case Verdict.Undecided ignored -> 3;
        };
    }

    /** For the terminal, without the verdict on the history. */
    public List<String> lines() {
        long all = history.operations().size();
        long unknown = count(Response.Unknown.class);
        long refused = count(Response.Refused.class);
        double seconds = Math.max(1e-9, load.toNanos() / 1e9);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT,
                "operations      %d, %.0f/s: %d acknowledged, %d refused, %d unknown", all,
                all / seconds, all - unknown - refused, refused, unknown));
        lines.add(String.format(Locale.ROOT, "faults          %s", faults.isEmpty()
                ? "none"
                : new TreeMap<>(faults).entrySet().stream()
                        .map(each -> each.getKey().flag() + " " + each.getValue())
                        .collect(Collectors.joining(", "))));
        lines.add(String.format(Locale.ROOT,
                "members         %d terms with a leader seen, %d ends by themselves",
                elections, exits));
        lines.add(String.format(Locale.ROOT,
                "unavailable     %.3f s at the longest without an acknowledged write",
                longestUnavailable().toNanos() / 1e9));
        lines.add(String.format(Locale.ROOT, "checked         in %.3f s, %.0f operations/s",
                checked.toNanos() / 1e9,
                all / Math.max(1e-9, checked.toNanos() / 1e9)));
        broken.forEach(each -> lines.add("broken          " + each));
        return lines;
    }

    /** The longest time, from the first call on, in which no write was acknowledged. */
    public Duration longestUnavailable() {
        List<Operation> operations = history.operations();
        if (operations.isEmpty()) {
            return Duration.ZERO;
        }
        long last = operations.stream().mapToLong(Operation::callNanos).min().orElse(0);
        long longest = 0;
        for (long at : operations.stream().filter(Report::isAcknowledgedWrite)
                .mapToLong(Operation::returnNanos).sorted().toArray()) {
            longest = Math.max(longest, at - last);
            last = at;
        }
        long end = operations.stream().mapToLong(Operation::callNanos).max().orElse(last);
        return Duration.ofNanos(Math.max(longest, end - last));
    }

    private static boolean isAcknowledgedWrite(Operation operation) {
        return operation.response() instanceof Response.Done
                && !(operation.request() instanceof Request.Range);
    }

    private long count(Class<? extends Response> kind) {
        return history.operations().stream().filter(each -> kind.isInstance(each.response()))
                .count();
    }
}
