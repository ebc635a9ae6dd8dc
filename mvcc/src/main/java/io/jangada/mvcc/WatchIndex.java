// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which watchers a key concerns: a hash table for single keys, an interval tree for ranges, in which
 * watchers of equal ranges share a node.
 *
 * <p>The tree is a treap, ordered by start and end, in which each node knows the greatest end below
 * it. Watchers of one key or range are visited in the order of their coming.
 */
final class WatchIndex {
    private final Map<ByteString, Set<Watch>> singles = new HashMap<>();
    private final SplittableRandom priorities = new SplittableRandom(1);
    private @Nullable Node root;

    private static final class Node {
        private final ByteString start;
        private final ByteString end;
        private final int priority;
        private final Set<Watch> watches = new LinkedHashSet<>();
        private ByteString endMax;
        private @Nullable Node left;
        private @Nullable Node right;

        Node(ByteString start, ByteString end, int priority) {
            this.start = start;
            this.end = end;
            this.priority = priority;
            this.endMax = end;
        }

        int compareTo(ByteString otherStart, ByteString otherEnd) {
            int byStart = ByteOrder.compare(start, otherStart);
            return byStart != 0 ? byStart : ByteOrder.compare(end, otherEnd);
        }

        void updateEndMax() {
            endMax = laterEnd(end, laterEnd(left == null ? end : left.endMax,
                    right == null ? end : right.endMax));
        }
    }

    void add(Watch watch) {
        KeyRange range = watch.request().range();
        if (range.isSingle()) {
            singles.computeIfAbsent(range.key(), ignored -> new LinkedHashSet<>()).add(watch);
        } else if (!range.isEmpty()) {
            Node node = find(range);
            if (node == null) {
                node = new Node(range.key(), range.end(), priorities.nextInt());
                root = inserted(root, node);
            }
            node.watches.add(watch);
        }
    }

    void remove(Watch watch) {
        KeyRange range = watch.request().range();
        if (range.isSingle()) {
            singles.computeIfPresent(range.key(), (ignored, watches) -> {
                watches.remove(watch);
                return watches.isEmpty() ? null : watches;
            });
            return;
        }
        Node node = find(range);
        if (node != null && node.watches.remove(watch) && node.watches.isEmpty()) {
            root = removed(root, node);
        }
    }

    void forEach(ByteString key, Consumer<Watch> action) {
        Set<Watch> exact = singles.get(key);
        if (exact != null) {
            exact.forEach(action);
        }
        visit(root, key, action);
    }

    private static void visit(@Nullable Node node, ByteString key, Consumer<Watch> action) {
        if (node == null || !isBefore(key, node.endMax)) {
            return;
        }
        visit(node.left, key, action);
        if (ByteOrder.compare(node.start, key) <= 0) {
            if (isBefore(key, node.end)) {
                node.watches.forEach(action);
            }
            visit(node.right, key, action);
        }
    }

    private @Nullable Node find(KeyRange range) {
        ByteString end = range.end();
        Node node = root;
        while (node != null) {
            int order = node.compareTo(range.key(), end);
            if (order == 0) {
                return node;
            }
            node = order > 0 ? node.left : node.right;
        }
        return null;
    }

    private static Node inserted(@Nullable Node at, Node node) {
        if (at == null) {
            return node;
        }
        if (at.compareTo(node.start, node.end) > 0) {
            Node left = inserted(at.left, node);
            at.left = left;
            if (left.priority > at.priority) {
                at.left = left.right;
                at.updateEndMax();
                left.right = at;
                left.updateEndMax();
                return left;
            }
        } else {
            Node right = inserted(at.right, node);
            at.right = right;
            if (right.priority > at.priority) {
                at.right = right.left;
                at.updateEndMax();
                right.left = at;
                right.updateEndMax();
                return right;
            }
        }
        at.updateEndMax();
        return at;
    }

    private static @Nullable Node removed(@Nullable Node at, Node node) {
        if (at == null) {
            return null;
        }
        int order = at.compareTo(node.start, node.end);
        if (order == 0) {
            return merged(at.left, at.right);
        }
        if (order > 0) {
            at.left = removed(at.left, node);
        } else {
            at.right = removed(at.right, node);
        }
        at.updateEndMax();
        return at;
    }

    private static @Nullable Node merged(@Nullable Node left, @Nullable Node right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        if (left.priority > right.priority) {
            left.right = merged(left.right, right);
            left.updateEndMax();
            return left;
        }
        right.left = merged(left, right.left);
        right.updateEndMax();
        return right;
    }

    private static boolean isBefore(ByteString key, ByteString end) {
        return end.isEmpty() || ByteOrder.compare(key, end) < 0;
    }

    private static ByteString laterEnd(ByteString a, ByteString b) {
        return b.isEmpty() || (!a.isEmpty() && isBefore(a, b)) ? b : a;
    }
}
