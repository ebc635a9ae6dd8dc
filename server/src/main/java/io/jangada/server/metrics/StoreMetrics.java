// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.metrics;

import io.jangada.mvcc.CommitListener;
import io.jangada.mvcc.Event;
import io.jangada.mvcc.EventType;
import io.jangada.mvcc.RevisionEvents;
import io.jangada.raftnode.Clock;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.List;

/** What a member's store goes through. Counted by the apply loop; asked by any thread. */
public final class StoreMetrics {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long NONE = Long.MIN_VALUE;

    private final Counter puts;
    private final Counter deletes;
    private final Counter txns;
    /** A gauge, as in etcd, whose name is none for a counter. */
    private final Gauge putBytes;
    private final Counter leasesGranted;
    private final Counter leasesRevoked;
    private final Histogram commits;
    private final Histogram compactionSteps;
    private final Histogram compactions;
    private final Gauge lastCompaction;
    /** When the first step of the present compaction began; of the apply loop. */
    private long compactionBegunNanos = NONE;

    StoreMetrics(PrometheusRegistry registry) {
        puts = counter(registry, "etcd_mvcc_put_total", "Keys that were put.");
        deletes = counter(registry, "etcd_mvcc_delete_total", "Keys that were deleted.");
        txns = counter(registry, "etcd_mvcc_txn_total", "Revisions of more than one change.");
        putBytes = Gauge.builder().name("etcd_debugging_mvcc_total_put_size_in_bytes")
                .help("Bytes of keys and values that were put.").withoutExemplars()
                .register(registry);
        leasesGranted = counter(registry, "etcd_debugging_lease_granted_total",
                "Leases that were granted.");
        leasesRevoked = counter(registry, "etcd_debugging_lease_revoked_total",
                "Leases that have ended.");
        commits = histogram(registry, "etcd_disk_backend_commit_duration_seconds",
                "How long batches took to be written to the database.", 0.001, 14);
        compactionSteps = histogram(registry,
                "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds",
                "How long the steps of compactions held up applying.", 1, 12);
        compactions = histogram(registry,
                "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds",
                "How long compactions took.", 100, 14);
        lastCompaction = Gauge.builder().name("etcd_debugging_mvcc_db_compaction_last")
                .help("When the last compaction ended, in seconds since 1970.")
                .withoutExemplars().register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help) {
        return Counter.builder().name(name).help(help).withoutExemplars().register(registry);
    }

    /** With etcd's buckets, each twice the one before. */
    private static Histogram histogram(PrometheusRegistry registry, String name, String help,
            double least, int buckets) {
        return Histogram.builder().name(name).help(help).classicOnly()
                .classicExponentialUpperBounds(least, 2, buckets).withoutExemplars()
                .register(registry);
    }

    /** A batch was written to the database in so many nanoseconds. */
    public void committed(long nanos) {
        commits.observe(nanos / NANOS_PER_SECOND);
    }

    /** Counts what is committed on its way to {@code next}. */
    public CommitListener counting(CommitListener next) {
        return new CommitListener() {
            @Override
            public void committed(List<RevisionEvents> changes, long revision) {
                changes.forEach(StoreMetrics.this::count);
                next.committed(changes, revision);
            }

            @Override
            public void restored(long revision) {
                next.restored(revision);
            }
        };
    }

    private void count(RevisionEvents revision) {
        long putCount = 0;
        long bytes = 0;
        for (Event event : revision.events()) {
            if (event.type() == EventType.PUT) {
                putCount++;
                bytes += event.keyValue().key().size() + event.keyValue().value().size();
            }
        }
        puts.inc(putCount);
        putBytes.inc((double) bytes);
        deletes.inc(revision.events().size() - putCount);
        if (revision.events().size() > 1) {
            txns.inc();
        }
    }

    /** A lease was granted. */
    public void leaseGranted() {
        leasesGranted.inc();
    }

    /** A lease has ended. */
    public void leaseRevoked() {
        leasesRevoked.inc();
    }

    /**
     * A step of a compaction.
     *
     * @param begunNanos when it began
     * @param clock tells when it ended: now
     * @param isLast whether it was the last one
     */
    public void compactionStep(long begunNanos, Clock clock, boolean isLast) {
        long now = clock.nanos();
        compactionSteps.observe((now - begunNanos) / NANOS_PER_MILLI);
        if (compactionBegunNanos == NONE) {
            compactionBegunNanos = begunNanos;
        }
        if (isLast) {
            compactions.observe((now - compactionBegunNanos) / NANOS_PER_MILLI);
            compactionBegunNanos = NONE;
            lastCompaction.set((double) InstantSource.system().instant().getEpochSecond());
        }
    }
}
