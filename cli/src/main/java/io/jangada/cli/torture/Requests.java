// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What one client asks next: drawn from its seed and from what it was told. No two values of a run are the same, and no
 * two numbers of leases. Belongs to the client's thread.
 */
final class Requests {
    private static final int LEASES_MAX = 16;
    private static final long COMPACTED_BEHIND = 300;

    private final int client;
    private final int keys;
    private final SplittableRandom random;
    private final Deque<Long> leases = new ArrayDeque<>();
    private long written;
    private long granted;
    private long seenRevision = 1;

    Requests(int client, int keys, SplittableRandom random) {
        this.client = client;
        this.keys = keys;
        this.random = random;
    }

    /** The next. */
    Request next() {
        int kind = random.nextInt(1_000);
        if (kind < 330) {
            return put();
        }
        if (kind < 600) {
            return range(KeyRange.of(key(random.nextInt(keys))));
        }
        if (kind < 680) {
            return range(KeyRange.all());
        }
        if (kind < 780) {
            return new Request.DeleteRange(
                    once(20) ? KeyRange.all() : KeyRange.of(key(random.nextInt(keys))), once(2));
        }
        if (kind < 930) {
            return txn();
        }
        if (kind < 934) {
            return new Request.Compact(Math.max(1, seenRevision - COMPACTED_BEHIND));
        }
        if (kind < 980 || leases.isEmpty()) {
            return new Request.LeaseGrant((((long) client + 1) << 32) | ++granted,
                    2 + random.nextInt(9));
        }
        return new Request.LeaseRevoke(leases.removeFirst());
    }

    /** It ended so. */
    void told(Response response) {
        seenRevision = Math.max(seenRevision, response.revision());
        if (response instanceof Response.LeaseGrant grant) {
            leases.addLast(grant.lease());
            if (leases.size() > LEASES_MAX) {
                leases.removeFirst();
            }
        }
        if (response instanceof Response.Refused refused
                && refused.reason() == Response.Reason.LEASE_NOT_FOUND && !leases.isEmpty()) {
            leases.removeFirst();
        }
    }

    /** The key with a number. */
    static Bytes key(int number) {
        return Bytes.utf8("key" + number);
    }

    /** A put of one key, with a value of its own. */
    Request.Put put(int key) {
        return new Request.Put(key(key), value());
    }

    private Request.Put put() {
        long lease = !leases.isEmpty() && once(6) ? leases.getLast() : 0;
        return new Request.Put(key(random.nextInt(keys)), value(), lease, once(3));
    }

    private Bytes value() {
        return Bytes.utf8("c" + client + "-" + written++
                + "x".repeat(once(8) ? random.nextInt(1_000) : 0));
    }

    private Request.Range range(KeyRange range) {
        return new Request.Range(range,
                !range.isSingle() && once(3) ? Math.max(1, seenRevision - random.nextInt(10)) : 0,
                once(4) ? 1 + random.nextInt(5) : 0,
                once(8) ? Request.Content.COUNT : Request.Content.KEYS_AND_VALUES,
                once(5)
                        ? Request.Consistency.SERIALIZABLE
                        : Request.Consistency.LINEARIZABLE);
    }

    private Request.Txn txn() {
        int key = random.nextInt(keys);
        Compare compare = once(3)
                ? Compare.number(key(key), Compare.Target.CREATE, Compare.Relation.EQUAL, 0)
                : Compare.number(key(key), Compare.Target.MOD, Compare.Relation.LESS,
                        seenRevision - random.nextInt(5));
        List<Request.Op> success = new ArrayList<>(List.of(put(key)));
        if (once(2)) {
            success.add(new Request.Range(key(random.nextInt(keys))));
        }
        int other = random.nextInt(keys);
        if (once(3) && other != key) {
            success.add(new Request.DeleteRange(KeyRange.of(key(other)), true));
        }
        return new Request.Txn(List.of(compare), success,
                List.of(new Request.Range(key(key))));
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }
}
