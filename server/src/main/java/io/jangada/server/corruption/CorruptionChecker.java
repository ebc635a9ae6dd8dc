// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.corruption;

import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.server.auth.Caller;
import io.jangada.server.config.CorruptionConfig;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds members that hold something else than the others, by entries of the log: one asks, and each
 * member says in an entry of its own what it holds right after the asking one. When these are applied,
 * every member comes to the same conclusion at the same entry, and the alarm is part of the state.
 *
 * <p>What is applied is told by the apply loop; all else belongs to the server loop.
 */
public final class CorruptionChecker {
    private static final Logger LOGGER = LoggerFactory.getLogger(CorruptionChecker.class);
    private static final long REBUILT_LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final CorruptionConfig config;
    private final long memberId;
    private final BooleanSupplier isRebuilding;
    private final Consumer<Boolean> named;
    private Set<Long> before = Set.of();
    private boolean checkIsOpen;
    private @Nullable InitialCheck initial;
    /** Written by the apply loop at each alarm; read by the server loop. */
    private volatile Set<Long> corrupt = Set.of();
    /** Written once by the starting thread; read by the apply loop. */
    private volatile @Nullable Started started;

    /** What is there once the member runs. */
    private record Started(LocalMember member, HashReporter reporter) {}

    /**
     * A checker that only looks at alarms until it is started.
     *
     * @param isRebuilding whether this member's state is being rebuilt from the others
     * @param named told by the apply loop whether this member is named as corrupt: at each change of alarms
     */
    public CorruptionChecker(CorruptionConfig config, long memberId, BooleanSupplier isRebuilding,
            Consumer<Boolean> named) {
        this.config = config;
        this.memberId = memberId;
        this.isRebuilding = isRebuilding;
        this.named = named;
    }

    /** Begins to answer checks, and to ask for them as configured; until {@code member}'s loop ends. Once. */
    public void start(LocalMember member) {
        started = new Started(member, new HashReporter(member, isRebuilding));
        if (config.checkTime().isPositive()) {
            repeat(member, CorruptCheck.Subject.STATE, config.checkTime());
        }
        if (config.compactHashCheck()) {
            repeat(member, CorruptCheck.Subject.COMPACTIONS, config.compactHashCheckTime());
        }
        lookWhetherRebuilt(member);
    }

    /**
     * Compares this member with the others, after {@link #start}.
     *
     * @param end told once, by the server loop, whether it may serve: not if others hold something else
     */
    public void checkInitially(LocalMember member, Consumer<Boolean> end) {
        InitialCheck check = new InitialCheck(member,
                outcome -> end.accept(outcome != InitialCheck.Outcome.DIFFERENT));
        member.loop().execute(() -> initial = check);
        member.loop().execute(check::start);
    }

    private void repeat(LocalMember member, CorruptCheck.Subject subject, Duration pause) {
        member.loop().schedule(() -> {
            if (member.status().isLeader() && member.status().confState().voters().size() > 1) {
                ask(member, subject);
            }
            repeat(member, subject, pause);
        }, pause.toNanos());
    }

    private void ask(LocalMember member, CorruptCheck.Subject subject) {
        if (checkIsOpen) {
            return; // The one before has not even been applied.
        }
        checkIsOpen = true;
        member.propose(Caller.MEMBER, InternalRaftRequest.newBuilder()
                .setCorruptCheck(CorruptCheck.newBuilder().setSubject(subject)).build(),
                new LocalMember.Answer() {
                    @Override
                    public void done(MessageLite response, long revision) {
                        member.loop().execute(() -> checkIsOpen = false);
                    }

                    @Override
                    public void failed(EtcdError error) {
                        LOGGER.warn("members not asked for their hashes error=\"{}\"", error);
                        member.loop().execute(() -> checkIsOpen = false);
                    }
                });
    }

    /* A member that was named and has the others' state now asks for the check that says so. */
    private void lookWhetherRebuilt(LocalMember member) {
        if (isRebuilding.getAsBoolean() && corrupt.contains(memberId)
                && member.status().confState().voters().contains(memberId)
                && member.status().leader() != 0) {
            ask(member, CorruptCheck.Subject.STATE);
        }
        member.loop().schedule(() -> lookWhetherRebuilt(member), REBUILT_LOOK_NANOS);
    }

    /** Apply loop: see {@link io.jangada.server.apply.ApplyObserver#checkAsked}. */
    public void checkAsked(long index, CorruptCheck check) {
        Started present = started;
        if (present != null) {
            present.reporter.asked(index, check.getSubject());
        }
    }

    /** Apply loop: a member has reported. */
    public void checkReported(long index) {
        Started present = started;
        if (present != null) {
            present.member.loop().execute(() -> {
                if (initial != null) {
                    initial.reported(index);
                }
            });
        }
    }

    /** Apply loop: history before {@code revision} was given up. */
    public void compacted(long revision) {
        Started present = started;
        if (present != null && config.compactHashCheck()) {
            present.reporter.compacted(revision);
        }
    }

    /** Apply loop: {@code raised} are the alarms in force. */
    public void alarms(List<AlarmMember> raised) {
        Set<Long> now = new TreeSet<>();
        raised.stream().filter(alarm -> alarm.getAlarm() == AlarmType.CORRUPT)
                .forEach(alarm -> now.add(alarm.getMemberID()));
        for (long member : now) {
            if (!before.contains(member)) {
                LOGGER.error("member holds something else than the others: alarm CORRUPT"
                        + " member={}", Long.toHexString(member));
            }
        }
        before = now;
        corrupt = now;
        named.accept(now.contains(memberId));
    }
}
