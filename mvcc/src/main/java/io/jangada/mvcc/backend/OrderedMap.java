// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable ordered map from key to value: an AVL tree whose changes copy one path from the root.
 *
 * <p>Invariant: the heights of a node's two subtrees differ by at most one.
 */
final class OrderedMap {
    static final OrderedMap EMPTY = new OrderedMap(null, 0);

    private final @Nullable Node root;
    private final long bytes;

    private OrderedMap(@Nullable Node root, long bytes) {
        this.root = root;
        this.bytes = bytes;
    }

    private record Node(ByteString key, ByteString value, @Nullable Node left, @Nullable Node right,
            int height) {
        static Node of(ByteString key, ByteString value, @Nullable Node left,
                @Nullable Node right) {
            return new Node(key, value, left, right,
                    1 + Math.max(heightOf(left), heightOf(right)));
        }

        int tilt() {
            return heightOf(left) - heightOf(right);
        }
    }

    /** Bytes of all keys and values. */
    long bytes() {
        return bytes;
    }

    Optional<ByteString> get(ByteString key) {
        Node node = find(key);
        return node == null ? Optional.empty() : Optional.of(node.value);
    }

    OrderedMap with(ByteString key, ByteString value) {
        Node old = find(key);
        long change = old == null
                ? key.size() + value.size()
                : (long) value.size() - old.value.size();
        return new OrderedMap(insert(root, key, value), bytes + change);
    }

    OrderedMap without(ByteString key) {
        Node old = find(key);
        return old == null
                ? this
                : new OrderedMap(remove(root, key), bytes - key.size() - old.value.size());
    }

    Cursor cursor(ByteString from, ByteString to) {
        return new TreeCursor(root, from, to);
    }

    private @Nullable Node find(ByteString key) {
        Node node = root;
        while (node != null) {
            int order = ByteOrder.compare(key, node.key);
            if (order == 0) {
                return node;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    private static int heightOf(@Nullable Node node) {
        return node == null ? 0 : node.height;
    }

    private static Node insert(@Nullable Node node, ByteString key, ByteString value) {
        if (node == null) {
            return Node.of(key, value, null, null);
        }
        int order = ByteOrder.compare(key, node.key);
        if (order == 0) {
            return new Node(node.key, value, node.left, node.right, node.height);
        }
        return order < 0
                ? balanced(node.key, node.value, insert(node.left, key, value), node.right)
                : balanced(node.key, node.value, node.left, insert(node.right, key, value));
    }

    private static @Nullable Node remove(@Nullable Node node, ByteString key) {
        if (node == null) {
            return null;
        }
        int order = ByteOrder.compare(key, node.key);
        if (order < 0) {
            return balanced(node.key, node.value, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node.key, node.value, node.left, remove(node.right, key));
        }
        Node right = node.right;
        if (node.left == null || right == null) {
            return node.left == null ? right : node.left;
        }
        Node successor = leftmost(right);
        return balanced(successor.key, successor.value, node.left, remove(right, successor.key));
    }

    private static Node leftmost(Node from) {
        Node node = from;
        for (Node left = node.left; left != null; left = node.left) {
            node = left;
        }
        return node;
    }

    /** A node of these parts, rotated if one side is two higher than the other. */
    private static Node balanced(ByteString key, ByteString value, @Nullable Node left,
            @Nullable Node right) {
        int tilt = heightOf(left) - heightOf(right);
        if (tilt > 1 && left != null) {
            Node pivot = left.tilt() < 0 ? rotatedLeft(left) : left;
            return Node.of(pivot.key, pivot.value, pivot.left,
                    Node.of(key, value, pivot.right, right));
        }
        if (tilt < -1 && right != null) {
            Node pivot = right.tilt() > 0 ? rotatedRight(right) : right;
            return Node.of(pivot.key, pivot.value, Node.of(key, value, left, pivot.left),
                    pivot.right);
        }
        return Node.of(key, value, left, right);
    }

    private static Node rotatedLeft(Node node) {
        Node up = node.right;
        return up == null
                ? node
                : Node.of(up.key, up.value, Node.of(node.key, node.value, node.left, up.left),
                        up.right);
    }

    private static Node rotatedRight(Node node) {
        Node up = node.left;
        return up == null
                ? node
                : Node.of(up.key, up.value, up.left,
                        Node.of(node.key, node.value, up.right, node.right));
    }

    /** Keeps the path of nodes still to visit; the one here is on top. */
    private static final class TreeCursor implements Cursor {
        private final @Nullable Node root;
        private final ByteString from;
        private final ByteString to;
        private final Deque<Node> path = new ArrayDeque<>();

        TreeCursor(@Nullable Node root, ByteString from, ByteString to) {
            this.root = root;
            this.from = from;
            this.to = to;
            descend(from);
        }

        @Override
        public boolean isValid() {
            return !path.isEmpty();
        }

        @Override
        public void next() {
            Node right = path.pop().right;
            for (Node node = right; node != null; node = node.left) {
                path.push(node);
            }
            stopAtBound();
        }

        @Override
        public void seek(ByteString key) {
            descend(ByteOrder.compare(key, from) < 0 ? from : key);
        }

        @Override
        public ByteString key() {
            return path.element().key;
        }

        @Override
        public ByteString value() {
            return path.element().value;
        }

        @Override
        public void close() {}

        private void descend(ByteString key) {
            path.clear();
            Node node = root;
            while (node != null) {
                boolean reached = ByteOrder.compare(node.key, key) >= 0;
                if (reached) {
                    path.push(node);
                }
                node = reached ? node.left : node.right;
            }
            stopAtBound();
        }

        private void stopAtBound() {
            if (!path.isEmpty() && !to.isEmpty() && ByteOrder.compare(key(), to) >= 0) {
                path.clear();
            }
        }
    }
}
