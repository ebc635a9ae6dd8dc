// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.reference;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws requests. */
final class Requests {
    private final Random random;
    private final Scenario scenario;
    private int values;
    private long leases;

    Requests(Random random, Scenario scenario) {
        this.random = random;
        this.scenario = scenario;
    }

    Request next(long revision) {
        int draw = random.nextInt(100);
        if (scenario.leases() && draw < 12) {
            return lease();
        }
        if (scenario.compactions() && draw < 15) {
            return new Request.Compact(Math.max(1, revision - random.nextInt(10)));
        }
        if (draw < 45) {
            return put(key());
        }
        if (draw < 70) {
            return range(revision);
        }
        if (draw < 80) {
            return new Request.DeleteRange(keys(), random.nextBoolean());
        }
        return txn(0, new ArrayList<>(scenario.keyList()));
    }

    Bytes key() {
        return scenario.keyList().get(random.nextInt(scenario.keyList().size()));
    }

    private Request lease() {
        if (leases == 0 || random.nextInt(3) == 0) {
            return new Request.LeaseGrant(++leases, 1 + random.nextInt(3));
        }
        long lease = 1 + random.nextLong(leases);
        return random.nextInt(3) == 0
                ? new Request.LeaseRevoke(lease)
                : new Request.LeaseKeepAlive(lease);
    }

    private Request.Put put(Bytes key) {
        long lease = scenario.leases() && leases > 0 && random.nextInt(3) == 0
                ? Math.max(1, leases - random.nextInt(3))
                : 0;
        int value = scenario.repeatsValues() ? random.nextInt(3) : values++;
        return new Request.Put(key, Bytes.utf8("v" + value), lease, random.nextInt(3) == 0);
    }

    private KeyRange keys() {
        Bytes key = key();
        return switch (random.nextInt(4)) {
            case 0 -> KeyRange.all();
            case 1 -> new KeyRange(key, scenario.keyList().getLast());
            default -> KeyRange.of(key);
        };
    }

    private Request.Range range(long revision) {
        long at = random.nextInt(5) == 0 ? Math.max(1, revision - random.nextInt(8)) : 0;
        return new Request.Range(keys(), at, random.nextInt(3),
                random.nextInt(5) == 0 ? Request.Content.COUNT : Request.Content.KEYS_AND_VALUES,
                scenario.serializable() && random.nextInt(4) == 0
                        ? Request.Consistency.SERIALIZABLE
                        : Request.Consistency.LINEARIZABLE);
    }

    private Request.Txn txn(int depth, List<Bytes> free) {
        List<Compare> compares = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            compares.add(compare());
        }
        return new Request.Txn(compares, ops(depth, free), ops(depth, new ArrayList<>(free)));
    }

    private Compare compare() {
        Compare.Relation relation = any(Compare.Relation.values());
        Compare.Target target = any(Compare.Target.values());
        return new Compare(keys(), target, relation, random.nextInt(4),
                Bytes.utf8("v" + random.nextInt(5)));
    }

    private <T> T any(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private List<Request.Op> ops(int depth, List<Bytes> free) {
        List<Request.Op> ops = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> ops.add(new Request.Range(keys()));
                case 1 -> {
                    if (depth == 0) {
                        ops.add(txn(1, free));
                    }
                }
                default -> {
                    if (!free.isEmpty()) { // No key twice in one transaction.
                        Bytes key = free.remove(random.nextInt(free.size()));
                        ops.add(random.nextInt(4) == 0
                                ? new Request.DeleteRange(KeyRange.of(key), random.nextBoolean())
                                : put(key));
                    }
                }
            }
        }
        return ops;
    }
}
