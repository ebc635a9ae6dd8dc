// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** What this member has lost, group by group, as its {@link Identity} remembers it. Thread-safe. */
final class Losses implements Suffrage.Losses {
    private final Identity identity;
    private final Executor nodeLoop;
    private final Executor walLoop;
    private final RandomGenerator random;
    private final Consumer<Throwable> failed;

    /**
     * The losses that {@code identity} remembers.
     *
     * @param random draws tokens
     * @param failed told if the record cannot be written
     */
    Losses(Identity identity, Executor nodeLoop, Executor walLoop, RandomGenerator random,
            Consumer<Throwable> failed) {
        this.identity = identity;
        this.nodeLoop = nodeLoop;
        this.walLoop = walLoop;
        this.random = random;
        this.failed = failed;
    }

    @Override
    public boolean has(long group) {
        return identity.record().forgotten().containsKey(group);
    }

    @Override
    public boolean isLoss(long group, long token) {
        MemberRecord.Forgotten loss = identity.record().forgotten().get(group);
        return loss != null && loss.token() == token;
    }

    @Override
    public void add(long group) {
        MemberRecord.Forgotten loss = new MemberRecord.Forgotten(random.nextLong(), false);
        update(record -> record.withForgotten(group, loss), () -> {});
    }

    /** The leader says that this member votes in the group. */
    void wasVoter(long group) {
        MemberRecord.Forgotten loss = identity.record().forgotten().get(group);
        if (loss != null && !loss.wasVoter()) {
            MemberRecord.Forgotten voter = new MemberRecord.Forgotten(loss.token(), true);
            update(record -> record.withForgotten(group, voter), () -> {});
        }
    }

    /** A peer knew {@code run}, which is lost; the loss is remembered already, so that it is no news from the next peer. */
    void lost(long group, Incarnation run) {
        MemberRecord.LostRun one = new MemberRecord.LostRun(group, run);
        if (!identity.record().lost().contains(one)) {
            update(record -> record.withLost(one), () -> {});
        }
    }

    @Override
    public void madeGood(long group, Runnable then) {
        update(record -> record.withoutForgotten(group), () -> nodeLoop.execute(then));
    }

    private void update(UnaryOperator<MemberRecord> change, Runnable then) {
        identity.update(change, walLoop, then, failed);
    }
}
