// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.mvcc.MvccStore;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.apply.ApplyObserver;
import io.jangada.server.config.CompactionPace;
import io.jangada.server.corruption.CorruptionChecker;
import io.jangada.server.lease.LeaseKeeper;
import io.jangada.server.metrics.StoreMetrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from applied entries outside the store. Apply loop.
 *
 * @param store that is applied to
 * @param applyLoop once there is one
 * @param pace of compaction
 * @param leases whose time this member watches
 * @param corruption compares the members
 * @param metrics counts what the store goes through
 * @param clock measures it
 */
record AppliedEffects(MvccStore store, Supplier<Optional<EventLoop>> applyLoop, CompactionPace pace,
        LeaseKeeper leases, CorruptionChecker corruption, StoreMetrics metrics,
        Clock clock) implements ApplyObserver {

    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdServer.class);

    @Override
    public void compacted(long revision) {
        corruption.compacted(revision);
        finish(revision);
    }

    /** Goes on with the deletions that a compaction up to {@code revision} still has to do. */
    void finish(long revision) {
        applyLoop.get().ifPresent(apply -> stepLater(apply, revision));
    }

    private void stepLater(EventLoop apply, long revision) {
        apply.schedule(() -> step(apply, revision), pace.pause().toNanos());
    }

    private void step(EventLoop apply, long revision) {
        if (store.finishedCompactRevision() >= revision) {
            return;
        }
        long begunNanos = clock.nanos();
        boolean hasMore = store.compactStep(pace.rowsMax());
        metrics.compactionStep(begunNanos, clock, !hasMore);
        if (hasMore) {
            stepLater(apply, revision);
        } else {
            LOGGER.info("finished scheduled compaction compact-revision={}", revision);
        }
    }

    @Override
    public void leaseGranted(long id, long ttlSeconds) {
        metrics.leaseGranted();
        leases.granted(id, ttlSeconds);
    }

    @Override
    public void leaseRevoked(long id) {
        metrics.leaseRevoked();
        leases.revoked(id);
    }

    @Override
    public void checkAsked(long index, CorruptCheck check) {
        corruption.checkAsked(index, check);
    }

    @Override
    public void checkReported(long index) {
        corruption.checkReported(index);
    }

    @Override
    public void alarms(List<AlarmMember> raised) {
        corruption.alarms(raised);
    }

    @Override
    public void restored() {
        LOGGER.info("applied snapshot");
    }
}
