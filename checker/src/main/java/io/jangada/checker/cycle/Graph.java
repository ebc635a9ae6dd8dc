// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.cycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A directed graph of numbered nodes with kinds of edges. Belongs to one thread. */
final class Graph {
    private static final int NONE = -1;

    private final List<List<Edge>> edges = new ArrayList<>();

    /** Why one operation comes before another. */
    enum Kind {
        /** The second replaced what the first wrote. */
        WRITE_WRITE,
        /** The second read what the first wrote. */
        WRITE_READ,
        /** The second replaced what the first read. */
        READ_WRITE,
        /** The first had returned when the second was called. */
        REAL_TIME
    }

    /** An edge to a node. */
    record Edge(int to, Kind kind) {}

    /** A node more; returns its number. */
    int add() {
        edges.add(new ArrayList<>(2));
        return edges.size() - 1;
    }

    int size() {
        return edges.size();
    }

    /** An edge more; none from a node to itself. */
    void connect(int from, int to, Kind kind) {
        if (from != to) {
            edges.get(from).add(new Edge(to, kind));
        }
    }

    List<Edge> from(int node) {
        return edges.get(node);
    }

    /**
     * The components of more than one node in which each reaches each over edges of {@code kinds}
     * (Tarjan 1972, without recursion).
     */
    List<List<Integer>> components(Set<Kind> kinds) {
        return new Tarjan(kinds).run();
    }

    /**
     * The shortest way from {@code from} to {@code to} over edges of {@code kinds}, inside
     * {@code inside}: its nodes with both ends; nothing if there is none.
     */
    List<Integer> path(int from, int to, Set<Kind> kinds, Set<Integer> inside) {
        int[] before = new int[size()];
        Arrays.fill(before, NONE);
        Deque<Integer> queue = new ArrayDeque<>(List.of(from));
        while (!queue.isEmpty()) {
            int node = queue.poll();
            for (Edge edge : from(node)) {
                if (before[edge.to()] == NONE && kinds.contains(edge.kind())
                        && inside.contains(edge.to())) {
                    before[edge.to()] = node;
                    if (edge.to() == to) {
                        return unwind(before, from, to);
                    }
                    queue.add(edge.to());
                }
            }
        }
        return List.of();
    }

    private static List<Integer> unwind(int[] before, int from, int to) {
        List<Integer> path = new ArrayList<>(List.of(to));
        int node = to;
        do {
            node = before[node];
            path.add(node);
        } while (node != from);
        return path.reversed();
    }

    /** One search for components. */
    private final class Tarjan {
        private final EnumSet<Kind> kinds;
        private final int[] index = new int[size()];
        private final int[] low = new int[size()];
        private final int[] nextEdge = new int[size()];
        private final boolean[] isOpen = new boolean[size()];
        private final Deque<Integer> open = new ArrayDeque<>();
        private final Deque<Integer> path = new ArrayDeque<>();
        private final List<List<Integer>> found = new ArrayList<>();
        private int count;

        Tarjan(Set<Kind> kinds) {
            this.kinds = EnumSet.copyOf(kinds);
            Arrays.fill(index, NONE);
        }

        List<List<Integer>> run() {
            for (int node = 0; node < size(); node++) {
                if (index[node] == NONE) {
                    visit(node);
                }
            }
            return found;
        }

        private void visit(int root) {
            enter(root);
            while (!path.isEmpty()) {
                int node = path.peek();
                if (nextEdge[node] < from(node).size()) {
                    follow(node, from(node).get(nextEdge[node]++));
                } else {
                    leave(node);
                }
            }
        }

        private void enter(int node) {
            index[node] = count;
            low[node] = count++;
            isOpen[node] = true;
            open.push(node);
            path.push(node);
        }

        private void follow(int node, Edge edge) {
            if (kinds.contains(edge.kind())) {
                if (index[edge.to()] == NONE) {
                    enter(edge.to());
                } else if (isOpen[edge.to()]) {
                    low[node] = Math.min(low[node], index[edge.to()]);
                }
            }
        }

        private void leave(int node) {
            path.pop();
            if (!path.isEmpty()) {
                low[path.peek()] = Math.min(low[path.peek()], low[node]);
            }
            if (low[node] == index[node]) {
                List<Integer> component = new ArrayList<>();
                int member;
                do {
                    member = open.pop();
                    isOpen[member] = false;
                    component.add(member);
                } while (member != node);
                if (component.size() > 1) {
                    found.add(component);
                }
            }
        }
    }
}
