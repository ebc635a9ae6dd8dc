// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.config.AutoCompaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up history by itself, as etcd's compactor does. Every member keeps the account of revisions, so
 * that a new leader knows what was old before it led; only the leader proposes.
 *
 * <p>Periodic: a revision is noted ten times per period (or per hour, where the period is longer). The
 * first compaction is due after a whole period, the next ones after a period or an hour, whichever is
 * less, each up to the revision that was noted a period before. Revisions: every five minutes, up to as
 * many revisions before the present one as are to be kept. A compaction that failed is tried again at
 * the next look. All state belongs to the loop.
 */
final class AutoCompactor {
    private static final Logger LOGGER = LoggerFactory.getLogger(AutoCompactor.class);
    private static final Duration REVISIONS_PERIOD = Duration.ofMinutes(5);
    private static final Duration COMPACT_PERIOD_MAX = Duration.ofHours(1);
    private static final int NOTES_PER_PERIOD = 10;
    private static final long NEVER = -1;

    private final EventLoop loop;
    private final LongSupplier revision;
    private final BooleanSupplier leads;
    private final Compaction compaction;
    private long compacted = NEVER;

    /** Proposes to compact. */
    @FunctionalInterface
    interface Compaction {
        /** Compacts; {@code done} learns, on any thread, whether the history is gone now. */
        void upTo(long revision, Consumer<Boolean> done);
    }

    /** A compactor that has not been started. */
    AutoCompactor(EventLoop loop, LongSupplier revision, BooleanSupplier leads,
            Compaction compaction) {
        this.loop = loop;
        this.revision = revision;
        this.leads = leads;
        this.compaction = compaction;
    }

    /** Begins to compact by {@code rule}, until the loop ends. */
    void start(AutoCompaction rule) {
        switch (rule) {
            case AutoCompaction.Off() -> {
            }
            case AutoCompaction.Periodic(Duration retention) ->
                loop.execute(() -> new Periodic(retention).look());
            case AutoCompaction.Revisions(long kept) ->
                loop.schedule(() -> lookAtRevisions(kept), REVISIONS_PERIOD.toNanos());
        }
    }

    private void lookAtRevisions(long kept) {
        long target = revision.getAsLong() - kept;
        if (leads.getAsBoolean() && target > 0 && target != compacted) {
            compact(target, () -> {});
        }
        loop.schedule(() -> lookAtRevisions(kept), REVISIONS_PERIOD.toNanos());
    }

    private void compact(long target, Runnable done) {
        LOGGER.info("starting auto compaction revision={}", target);
        compaction.upTo(target, gone -> loop.execute(() -> {
            if (gone) {
                compacted = target;
                done.run();
            } else {
                LOGGER.warn("auto compaction failed, trying again revision={}", target);
            }
        }));
    }

    /** The account of what the revision was. Time is counted in looks. */
    private final class Periodic {
        private final long lookNanos;
        private final int looksPerRetention;
        private final Deque<Long> noted = new ArrayDeque<>();
        private long looksUntilDue;

        Periodic(Duration retention) {
            Duration period = retention.compareTo(COMPACT_PERIOD_MAX) < 0
                    ? retention
                    : COMPACT_PERIOD_MAX;
            lookNanos = Math.max(1, period.toNanos() / NOTES_PER_PERIOD);
            looksPerRetention = (int) Math.min(Integer.MAX_VALUE - 1,
                    retention.toNanos() / lookNanos);
            looksUntilDue = looksPerRetention;
        }

        void look() {
            if (noted.size() > looksPerRetention) {
                noted.removeFirst();
            }
            noted.addLast(revision.getAsLong());
            long target = noted.getFirst();
            if (looksUntilDue <= 0 && leads.getAsBoolean() && target != compacted) {
                compact(target, () -> looksUntilDue = NOTES_PER_PERIOD);
            }
            loop.schedule(() -> {
                looksUntilDue--;
                look();
            }, lookNanos);
        }
    }
}
