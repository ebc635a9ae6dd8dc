// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Cores that hear each other: {@link #pump} delivers until nothing is left to say. */
final class TestNetwork {
    private record Link(long from, long to) {}

    private final List<TestNode> nodes = new ArrayList<>();
    private final Set<Long> silent = new HashSet<>();
    private final Set<Link> cut = new HashSet<>();
    private final List<Predicate<Message>> suppressed = new ArrayList<>();

    /** {@code size} nodes that know each other. */
    static TestNetwork of(int size, UnaryOperator<RaftConfig.Builder> options) {
        var network = new TestNetwork();
        long[] voters = new long[size];
        for (int i = 0; i < size; i++) {
            voters[i] = i + 1;
        }
        for (long id : voters) {
            network.nodes.add(TestNode.of(id, options, voters));
        }
        return network;
    }

    static TestNetwork of(int size) {
        return of(size, options -> options);
    }

    static TestNetwork of(TestNode... nodes) {
        var network = new TestNetwork();
        network.nodes.addAll(List.of(nodes));
        return network;
    }

    TestNetwork silence(long... ids) {
        for (long id : ids) {
            silent.add(id);
        }
        return this;
    }

    TestNode node(long id) {
        return nodes.stream().filter(node -> node.id() == id).findFirst().orElseThrow();
    }

    Raft raft(long id) {
        return node(id).raft;
    }

    void cut(long one, long other) {
        cut.add(new Link(one, other));
        cut.add(new Link(other, one));
    }

    void isolate(long id) {
        for (TestNode other : nodes) {
            if (other.id() != id) {
                cut(id, other.id());
            }
        }
    }

    void suppress(Predicate<Message> messages) {
        suppressed.add(messages);
    }

    void heal() {
        cut.clear();
        suppressed.clear();
    }

    void campaign(long id) {
        node(id).campaign();
        pump();
    }

    void step(Message message) {
        node(message.to()).raft.step(message);
        pump();
    }

    ProposeOutcome propose(long id, String data) {
        ProposeOutcome outcome = node(id).propose(data);
        pump();
        return outcome;
    }

    void tick(long id, int times) {
        for (int i = 0; i < times; i++) {
            node(id).raft.tick();
            pump();
        }
    }

    void pump() {
        var queue = new ArrayDeque<Message>();
        collect(queue);
        while (!queue.isEmpty()) {
            Message message = queue.remove();
            if (isDelivered(message)) {
                node(message.to()).raft.step(message);
            }
            if (queue.isEmpty()) {
                collect(queue);
            }
        }
    }

    private void collect(ArrayDeque<Message> queue) {
        for (TestNode node : nodes) {
            List<Message> said = node.messages();
            if (!silent.contains(node.id())) {
                queue.addAll(said);
            }
        }
    }

    private boolean isDelivered(Message message) {
        return !silent.contains(message.to())
                && nodes.stream().anyMatch(node -> node.id() == message.to())
                && !cut.contains(new Link(message.from(), message.to()))
                && suppressed.stream().noneMatch(rule -> rule.test(message));
    }
}
