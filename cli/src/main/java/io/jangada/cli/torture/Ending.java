// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.HashKVRequest;
import io.jangada.api.etcd.HashKVResponse;
import io.jangada.api.etcd.MaintenanceGrpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What has to hold when all faults are over: every member answers, writes are acknowledged, members hold the same, and
 * watchers have been told everything. Belongs to one thread.
 */
final class Ending {
    private static final long RECOVERY_NANOS_MAX = TimeUnit.SECONDS.toNanos(120);
    private static final long HASH_MILLIS_MAX = 10_000;
    private static final long LOOK_MILLIS = 200;

    private final Cluster cluster;
    private final Clock clock;
    private final long lastNanos;
    private final List<String> broken = new ArrayList<>();

    Ending(Cluster cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
        lastNanos = clock.nanos() + RECOVERY_NANOS_MAX;
    }

    /**
     * Waits for all of it; returns what does not hold, a sentence each.
     *
     * @param last writes every key once more
     */
    List<String> run(Client last, int keys, List<Watcher> watchers)
            throws IOException, InterruptedException {
        cluster.links().healAll();
        cluster.start();
        if (!awaitReady()) {
            return broken;
        }
        long[] revisions = new long[keys];
        for (int key = 0; key < keys; key++) {
            revisions[key] = last.write(key, lastNanos);
            if (revisions[key] == 0) {
                broken.add("no write is acknowledged " + seconds() + " s after the last fault");
                return broken;
            }
        }
        compareHashes(revisions[keys - 1]);
        for (int i = 0; i < watchers.size(); i++) {
            long revision = 0;
            for (int key = 0; key < keys; key++) {
                if (watchers.get(i).range().contains(Requests.key(key))) {
                    revision = Math.max(revision, revisions[key]);
                }
            }
            if (!watchers.get(i).awaitRevision(revision, lastNanos)) {
                broken.add("watcher " + i + " was not told of revision " + revision + " within "
                        + seconds() + " s");
            }
        }
        return broken;
    }

    private boolean awaitReady() throws IOException, InterruptedException {
        while (!cluster.isReady()) {
            if (clock.nanos() > lastNanos) {
                broken.add("not every member answers and knows a leader " + seconds()
                        + " s after the last fault");
                return false;
            }
            cluster.start(); // One may end by itself while it recovers.
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** At one revision that all of them have, and with the same compaction done. */
    private void compareHashes(long revision) throws InterruptedException {
        String told = "";
        while (clock.nanos() < lastNanos) {
            List<HashKVResponse> hashes = new ArrayList<>();
            try {
                for (Member member : cluster.members()) {
                    hashes.add(MaintenanceGrpc.newBlockingStub(member.channel())
                            .withDeadlineAfter(HASH_MILLIS_MAX, TimeUnit.MILLISECONDS)
                            .hashKV(HashKVRequest.newBuilder().setRevision(revision).build()));
                }
                if (hashes.stream().map(HashKVResponse::getHash).distinct().count() == 1) {
                    return;
                }
                told = hashes.stream()
                        .map(hash -> hash.getHash() + " (compacted " + hash.getCompactRevision()
                                + ")")
                        .toList().toString();
            } catch (StatusRuntimeException behind) {
                told = String.valueOf(behind.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        broken.add("the members' hashes at revision " + revision + " are not the same: " + told);
    }

    private static long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(RECOVERY_NANOS_MAX);
    }
}
