// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What happens to bytes on their way between members, by sender and receiver, whoever of the two has made the
 * connection. Thread-safe: a lock; proxies ask, and the one who makes faults changes.
 */
final class Links {
    /** A member that could not be found out. */
    static final int UNKNOWN = -1;

    /** From which member to which. */
    record Link(int from, int to) {}

    /** What happens to bytes. */
    sealed interface Rule {
        /** They pass. */
        record Open() implements Rule {}

        /** They stay where they are until that is over. */
        record Cut() implements Rule {}

        /** Connections break, and new ones are refused. */
        record Drop() implements Rule {}

        /**
         * They come late: each by this time, or up to twice as late behind others.
         *
         * @param by how late
         */
        record Delay(Duration by) implements Rule {}

        /**
         * One byte is changed in some of the pieces in which they come.
         *
         * @param permille in how many of a thousand pieces
         */
        record Corrupt(int permille) implements Rule {}
    }

    private static final Rule OPEN = new Rule.Open();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Link, Rule> rules = new HashMap<>();

    /** From now on. */
    void set(Link link, Rule rule) {
        lock.lock();
        try {
            rules.put(link, rule);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes pass again. */
    void heal(Link link) {
        set(link, OPEN);
    }

    /** Bytes pass again everywhere. */
    void healAll() {
        lock.lock();
        try {
            rules.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The rule for a link. Of a connection with an unknown end, the worst that holds for the known one: a fault may
     * reach further than it should, and never less far.
     */
    Rule rule(Link link) {
        lock.lock();
        try {
            return find(link);
        } finally {
            lock.unlock();
        }
    }

    /** Waits while the link is cut; returns the rule that holds then. */
    Rule awaitPassage(Link link) throws InterruptedException {
        lock.lock();
        try {
            Rule rule = find(link);
            while (rule instanceof Rule.Cut) {
                changed.await();
                rule = find(link);
            }
            return rule;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@link Rule.Drop} holds for one of the two links. */
    void awaitDrop(Link one, Link other) throws InterruptedException {
        lock.lock();
        try {
            while (!(find(one) instanceof Rule.Drop) && !(find(other) instanceof Rule.Drop)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private Rule find(Link link) {
        if (link.from != UNKNOWN && link.to != UNKNOWN) {
            return rules.getOrDefault(link, OPEN);
        }
        return rules.entrySet().stream()
                .filter(each -> link.from == UNKNOWN
                        ? each.getKey().to == link.to
                        : each.getKey().from == link.from)
                .map(Map.Entry::getValue).filter(rule -> !(rule instanceof Rule.Open))
                .findFirst().orElse(OPEN);
    }
}
