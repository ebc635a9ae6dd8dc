// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.cycle;

import io.jangada.checker.Figures;
import io.jangada.checker.Verdict;
import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.cycle.Graph.Edge;
import io.jangada.checker.cycle.Graph.Kind;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for cycles in who replaced whose version, read whose version, and returned before whom: a
 * strictly serializable history has none (Adya 1999). It looks at versions alone and at no state, so
 * it is a check of transactions that shares nothing with the replay. Thread-safe: nothing is kept.
 */
public final class CycleChecker {
    private static final Set<Kind> WRITES = EnumSet.of(Kind.WRITE_WRITE);
    private static final Set<Kind> INFORMATION = EnumSet.of(Kind.WRITE_WRITE, Kind.WRITE_READ);
    /** So many beginnings are tried for a shortest cycle of one component. */
    private static final int BEGINNINGS_MAX = 1_000;

    private final Dependencies dependencies;
    private final Graph graph;

    private CycleChecker(History history) {
        dependencies = new Dependencies(history);
        graph = dependencies.graph();
    }

    /**
     * Checks {@code history}: first without the clock, then with it.
     *
     * @return the mildest name that fits: G0, G1c, G-single or G2, with a shortest cycle as its
     *         operations
     */
    public static Verdict check(History history) {
        return new CycleChecker(history).check(history.operations().size());
    }

    private Verdict check(int operations) {
        for (Set<Kind> clock : List.of(EnumSet.noneOf(Kind.class), EnumSet.of(Kind.REAL_TIME))) {
            Optional<Violated> found = find(ViolationKind.CYCLE_G0, with(WRITES, clock))
                    .or(() -> find(ViolationKind.CYCLE_G1C, with(INFORMATION, clock)))
                    .or(() -> findSingle(with(INFORMATION, clock)))
                    .or(() -> find(ViolationKind.CYCLE_G2,
                            with(EnumSet.complementOf(EnumSet.of(Kind.REAL_TIME)), clock)));
            if (found.isPresent()) {
                return found.get();
            }
        }
        return new Verdict.Passed(
                new Figures(operations, 0, dependencies.operationCount(), 0, 0, 0, 0));
    }

    /** A shortest cycle over edges of {@code kinds}. */
    private Optional<Violated> find(ViolationKind kind, Set<Kind> kinds) {
        List<Integer> shortest = List.of();
        for (List<Integer> component : graph.components(kinds)) {
            Set<Integer> inside = new HashSet<>(component);
            for (int node : component.subList(0, Math.min(BEGINNINGS_MAX, component.size()))) {
                shortest = shorter(shortest, graph.path(node, node, kinds, inside));
            }
        }
        return violated(kind, shortest);
    }

    /** A shortest cycle with exactly one read of what was replaced. */
    private Optional<Violated> findSingle(Set<Kind> information) {
        Set<Kind> all = with(information, EnumSet.of(Kind.READ_WRITE));
        List<Integer> shortest = List.of();
        for (List<Integer> component : graph.components(all)) {
            Set<Integer> inside = new HashSet<>(component);
            for (int node : component.subList(0, Math.min(BEGINNINGS_MAX, component.size()))) {
                for (Edge edge : graph.from(node)) {
                    if (edge.kind() == Kind.READ_WRITE && inside.contains(edge.to())) {
                        List<Integer> back = graph.path(edge.to(), node, information, inside);
                        if (!back.isEmpty()) {
                            List<Integer> cycle = new ArrayList<>(List.of(node));
                            cycle.addAll(back);
                            shortest = shorter(shortest, cycle);
                        }
                    }
                }
            }
        }
        return violated(ViolationKind.CYCLE_G_SINGLE, shortest);
    }

    private static List<Integer> shorter(List<Integer> one, List<Integer> other) {
        return one.isEmpty() || (!other.isEmpty() && other.size() < one.size()) ? other : one;
    }

    private Optional<Violated> violated(ViolationKind kind, List<Integer> cycle) {
        if (cycle.isEmpty()) {
            return Optional.empty();
        }
        List<Operation> operations = new ArrayList<>();
        StringBuilder what = new StringBuilder("each comes before the next: ");
        for (int i = 0; i < cycle.size(); i++) {
            if (cycle.get(i) < dependencies.operationCount()) {
                Operation operation = dependencies.operation(cycle.get(i));
                what.append("operation ").append(operation.id());
                if (i < cycle.size() - 1) {
                    operations.add(operation);
                    what.append(why(cycle.get(i), cycle.get(i + 1)));
                }
            }
        }
        return Optional.of(new Violated(kind, what.toString(), operations, List.of()));
    }

    private String why(int from, int to) {
        for (Edge edge : graph.from(from)) {
            if (edge.to() == to) {
                return switch (edge.kind()) {
                    case WRITE_WRITE -> " (replaced by) ";
                    case WRITE_READ -> " (read by) ";
                    case READ_WRITE -> " (read what was replaced by) ";
                    case REAL_TIME -> " (returned before) ";
                };
            }
        }
        return " ";
    }

    private static Set<Kind> with(Set<Kind> some, Set<Kind> more) {
        Set<Kind> all = EnumSet.copyOf(some);
        all.addAll(more);
        return all;
    }
}
