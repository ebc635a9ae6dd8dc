// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

import io.jangada.mvcc.ReadView;
import io.jangada.raft.Status;
import io.jangada.raft.tracker.Progress;
import io.jangada.raftnode.ChangeResult;
import io.jangada.server.apply.Members;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the vote to those who were added as voters, once they run and have the log, while this member
 * leads. Who they are is in the store: whoever leads next goes on. Server loop.
 */
public final class VoterPromotion {
    private static final Logger LOGGER = LoggerFactory.getLogger(VoterPromotion.class);
    private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

    private final LocalMember member;
    private boolean isOpen;

    /** Looks after the joining members from the side of {@code member}. */
    public VoterPromotion(LocalMember member) {
        this.member = member;
    }

    /** Begins; any thread. */
    public void start() {
        member.loop().schedule(this::look, LOOK_NANOS);
    }

    private void look() {
        if (member.status().stopped()) {
            return;
        }
        if (member.status().isLeader() && !isOpen) {
            Set<Long> joining;
            try (ReadView view = member.store().view()) {
                joining = Members.joining(view);
            }
            if (!joining.isEmpty()) {
                isOpen = true;
                var ignored = member.node().coreStatus().whenComplete((core, failure) -> member
                        .loop().execute(() -> promote(joining, core, failure)));
            }
        }
        member.loop().schedule(this::look, LOOK_NANOS);
    }

    /* Not before it is near: a call that waits for it would keep others waiting. */
    private void promote(Set<Long> joining, Status core, Throwable failure) {
        isOpen = false;
        if (failure != null) {
            return;
        }
        for (long id : joining) {
            Progress progress = core.progress().get(id);
            if (progress != null && progress.isRecentActive() && progress.match() > 0
                    && progress.match() >= core.basic().hardState().commit() / 10 * 9) {
                isOpen = true;
                var ignored = member.node().membership().promote(id)
                        .whenComplete((result, failed) -> member.loop()
                                .execute(() -> promoted(id, result)));
                return;
            }
        }
    }

    private void promoted(long id, ChangeResult result) {
        isOpen = false;
        if (result instanceof ChangeResult.Done) {
            LOGGER.info("new member has caught up and votes member={}", Long.toHexString(id));
        }
    }
}
