// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.corruption;

import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.CorruptReport;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.HashChecks;
import io.jangada.server.apply.HashTally;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member compares what it holds with the others before it serves. It does so after the same entry of
 * the log as they, so that it has caught up first. Nobody is named for it: the member itself draws the
 * conclusion. Server loop.
 */
final class InitialCheck {
    /** What the check came to. */
    enum Outcome {
        /** A majority holds the same. */
        SAME,
        /** Others hold something else. */
        DIFFERENT,
        /** Too few have answered in time to know (etcd: passes, too). */
        UNKNOWN
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(InitialCheck.class);
    /** Hashing a large state takes a while. */
    private static final Duration ANSWERS_WAIT = Duration.ofSeconds(30);
    private static final long NONE = 0;

    private final LocalMember member;
    private final Consumer<Outcome> end;
    private long check = NONE;
    private boolean ended;

    /** A check that has not begun; {@code end} is called once, by the loop. */
    InitialCheck(LocalMember member, Consumer<Outcome> end) {
        this.member = member;
        this.end = end;
    }

    /** Begins; any thread. */
    void start() {
        LOGGER.info("starting initial corruption check");
        CorruptCheck asked = CorruptCheck.newBuilder().setWithoutAlarm(true).build();
        member.propose(Caller.MEMBER,
                InternalRaftRequest.newBuilder().setCorruptCheck(asked).build(),
                new LocalMember.Answer() {
                    @Override
                    public void done(MessageLite response, long revision) {
                        long index = ((CorruptReport) response).getCheck();
                        member.loop().execute(() -> began(index));
                    }

                    @Override
                    public void failed(EtcdError error) {
                        member.loop().execute(() -> conclude(Outcome.UNKNOWN));
                    }
                });
    }

    private void began(long index) {
        check = index;
        member.loop().schedule(this::timeUp, ANSWERS_WAIT.toNanos());
        reported(index);
    }

    /** Somebody has reported for the check {@code index}. */
    void reported(long index) {
        if (index != check || ended) {
            return;
        }
        HashTally tally = tally();
        if (tally.differing().contains(member.memberId()) || tally.isSplit()) {
            conclude(Outcome.DIFFERENT);
        } else if (tally.agreeing().contains(member.memberId())) {
            conclude(Outcome.SAME);
        }
    }

    private void timeUp() {
        if (!ended) {
            conclude(tally().hasDifferences() ? Outcome.DIFFERENT : Outcome.UNKNOWN);
        }
    }

    private HashTally tally() {
        List<CorruptReport> reports;
        try (ReadView view = member.store().view()) {
            reports = HashChecks.reports(view, check);
        }
        return HashTally.of(CorruptCheck.Subject.STATE, reports,
                Set.copyOf(member.status().confState().voters()));
    }

    private void conclude(Outcome outcome) {
        if (ended) {
            return;
        }
        ended = true;
        switch (outcome) {
            case SAME -> LOGGER.info("initial corruption checking passed; no corruption");
            case UNKNOWN -> LOGGER.warn("initial corruption check: too few members answered");
            case DIFFERENT -> LOGGER.error("found data inconsistency with peers");
        }
        end.accept(outcome);
    }
}
