// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.network.Courier;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.EventLoop;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The links between members, as bad as the scenario has them. */
final class Wires implements Courier {
    private static final Duration QUICK = Duration.ofNanos(20_000);
    private static final Duration SLOW = Duration.ofMillis(2);
    private static final Duration LATE = Duration.ofSeconds(30);

    private record Link(long from, long to) {}

    private final EventLoop loop;
    private final Chance chance;
    private final Set<Fault> faults;
    private final Invariants invariants;
    private final Trace trace;
    private final Set<Link> cut = new HashSet<>();
    private boolean healed;

    Wires(EventLoop loop, Chance chance, Set<Fault> faults, Invariants invariants, Trace trace) {
        this.loop = loop;
        this.chance = chance;
        this.faults = faults;
        this.invariants = invariants;
        this.trace = trace;
    }

    /** Nothing gets through from {@code from} to {@code to}, and nobody is told. */
    void cut(long from, long to) {
        cut.add(new Link(from, to));
    }

    void heal() {
        cut.clear();
    }

    /** From now on, all that is sent arrives, once and soon. */
    void healForGood() {
        heal();
        healed = true;
    }

    @Override
    public void carry(Parcel parcel, Runnable deliver, Runnable lose) {
        parcel.message().ifPresent(message -> sent(parcel, message));
        if (!healed && faults.contains(Fault.LOSS) && chance.permille(30)) {
            lose.run();
            return;
        }
        boolean late = !healed && faults.contains(Fault.DELAY) && chance.permille(50);
        arrive(parcel, chance.nanos(QUICK, late ? Duration.ofSeconds(2) : SLOW), deliver, lose);
        if (!healed && faults.contains(Fault.REPLAY) && mayComeTwice(parcel)
                && chance.permille(30)) {
            arrive(parcel, chance.nanos(QUICK, chance.once(4) ? LATE : SLOW), deliver, () -> {});
        }
    }

    /**
     * Whether a copy is to do no harm: of anything but a proposal on its way to the leader, which makes an entry each
     * time. A connection brings nothing twice, and a member sends it once.
     */
    private static boolean mayComeTwice(Parcel parcel) {
        return parcel.message().filter(Message.Propose.class::isInstance).isEmpty();
    }

    private void sent(Parcel parcel, Message message) {
        trace.count(parcel.from() << Integer.SIZE | parcel.to(), message.term());
        invariants.sent(message);
    }

    private void arrive(Parcel parcel, long afterNanos, Runnable deliver, Runnable lose) {
        loop.schedule(() -> {
            if (cut.contains(new Link(parcel.from(), parcel.to()))) {
                lose.run();
            } else {
                deliver.run();
            }
        }, afterNanos);
    }
}
