// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.network.Courier;
import io.jangada.network.LoopbackHub;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.EventLoop;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The connections between members, as bad as the scenario has them. Messages of the protocol may be late, overtake each
 * other and come twice, as long as a connection lasts; but none comes before a note that left before it, as the one that
 * says at the beginning of a connection who this is.
 * What was under way when it breaks is lost. A link that is cut swallows everything, until after a while the
 * connection breaks too.
 */
final class Wires implements Courier {
    private static final Duration QUICK = Duration.ofNanos(20_000);
    private static final Duration SLOW = Duration.ofMillis(2);
    private static final Duration LATE = Duration.ofSeconds(30);

    private record Link(long from, long to) implements Comparable<Link> {
        @Override
        public int compareTo(Link that) {
            int byFrom = Long.compare(from, that.from);
            return byFrom != 0 ? byFrom : Long.compare(to, that.to);
        }
    }

    /** Until it breaks. */
    private static final class Connection {
        private long lastNoteNanos;
        private boolean broken;
    }

    private final EventLoop loop;
    private final Chance chance;
    private final Set<Fault> faults;
    private final Invariants invariants;
    private final Trace trace;
    private final Clock clock;
    private final LoopbackHub hub = new LoopbackHub(this);
    private final Map<Link, Connection> connections = new TreeMap<>();
    private final Set<Link> cut = new HashSet<>();
    private long crawlsTo;
    private long crawlsFrom;
    private Duration crawl = Duration.ZERO;
    private boolean healed;

    Wires(EventLoop loop, Clock clock, Chance chance, Set<Fault> faults, Invariants invariants,
            Trace trace) {
        this.loop = loop;
        this.clock = clock;
        this.chance = chance;
        this.faults = faults;
        this.invariants = invariants;
        this.trace = trace;
    }

    /** Where members join. */
    LoopbackHub hub() {
        return hub;
    }

    /** From now on nothing gets through from {@code from} to {@code to}, and nobody is told at first. */
    void cut(long from, long to) {
        Link link = new Link(from, to);
        if (cut.add(link)) {
            later(chance.nanos(Duration.ofMillis(100), Duration.ofSeconds(3)), () -> {
                if (cut.contains(link)) {
                    disconnect(link);
                }
            });
        }
    }

    /** Nothing gets through between the two. */
    void part(long one, long other) {
        cut(one, other);
        cut(other, one);
    }

    /** From now on all that comes to {@code member}, or all that it sends, takes {@code longer}; of nobody else. */
    void crawl(long member, boolean comes, Duration longer) {
        crawlsTo = comes ? member : 0;
        crawlsFrom = comes ? 0 : member;
        crawl = longer;
    }

    /** Everything gets through again. */
    void heal() {
        Set<Link> mended = Set.copyOf(cut);
        cut.clear();
        hub.heal();
        mended.stream().sorted().forEach(this::connect);
    }

    /** From now on, all that is sent arrives, once and soon. */
    void healForGood() {
        healed = true;
        heal();
    }

    /** The process of {@code member} has ended, and its connections with it. */
    void ended(long member) {
        connections.forEach((link, connection) -> {
            if (link.from == member || link.to == member) {
                connection.broken = true;
            }
        });
        connections.keySet().removeIf(link -> link.from == member || link.to == member);
    }

    /** A process of {@code member} is about to begin, and cannot connect where links are cut. */
    void beginning(long member) {
        cut.stream().filter(link -> link.from == member || link.to == member)
                .forEach(link -> hub.cut(link.from, link.to));
    }

    private void disconnect(Link link) {
        hub.disconnect(link.from, link.to);
        Connection connection = connections.remove(link);
        if (connection != null) {
            connection.broken = true;
        }
    }

    private void connect(Link link) {
        if (!cut.contains(link)) {
            disconnect(link);
            hub.connect(link.from, link.to);
        }
    }

    @Override
    public void carry(Parcel parcel, Runnable deliver, Runnable lose) {
        parcel.message().ifPresent(message -> sent(parcel, message));
        Link link = new Link(parcel.from(), parcel.to());
        Marks.Kind kind = MessageMarks.kind(parcel.message());
        if (cut.contains(link)) {
            trace.marks().see(kind, Marks.Fate.CUT);
            lose.run();
            return;
        }
        if (!healed && faults.contains(Fault.LOSS) && chance.permille(5)) {
            trace.marks().see(kind, Marks.Fate.LOST);
            lose.run();
            disconnect(link);
            later(chance.nanos(SLOW, Duration.ofSeconds(1)), () -> connect(link));
            return;
        }
        boolean late = !healed && faults.contains(Fault.DELAY) && chance.permille(50);
        if (late) {
            trace.marks().see(kind, Marks.Fate.LATE);
        }
        long span = chance.nanos(QUICK, late ? Duration.ofSeconds(2) : SLOW);
        if (!healed && (link.to == crawlsTo || link.from == crawlsFrom)) {
            span += crawl.toNanos();
        }
        Connection connection = connections.computeIfAbsent(link, ignored -> new Connection());
        /* So much later that it does not come first by chance. */
        long due = Math.max(clock.nanos() + span,
                connection.lastNoteNanos + World.TURN_NANOS_MAX);
        if (parcel.message().isEmpty()) {
            connection.lastNoteNanos = due;
        }
        Runnable bring = () -> {
            parcel.message().ifPresent(invariants::arrived);
            deliver.run();
        };
        arrive(link, connection, due, bring, () -> {
            trace.marks().see(kind, Marks.Fate.BROKEN);
            lose.run();
        });
        if (!healed && faults.contains(Fault.REPLAY) && mayComeTwice(parcel)
                && chance.permille(30)) {
            trace.marks().see(kind, Marks.Fate.TWICE);
            arrive(link, connection, due + chance.nanos(QUICK, chance.once(4) ? LATE : SLOW),
                    bring, () -> {});
        }
    }

    private void sent(Parcel parcel, Message message) {
        trace.count(parcel.from() << Integer.SIZE | parcel.to(), message.term());
        invariants.sent(parcel.from(), message);
        MessageMarks.sent(trace.marks(), parcel.from(), message);
    }

    private void arrive(Link link, Connection connection, long dueNanos, Runnable deliver,
            Runnable lose) {
        later(dueNanos - clock.nanos(), () -> {
            if (connection.broken || cut.contains(link)) {
                lose.run();
            } else {
                deliver.run();
            }
        });
    }

    private void later(long nanos, Runnable task) {
        loop.schedule(task, nanos);
    }

    /**
     * Whether a copy is to do no harm: of any message but a proposal on its way to the leader, which makes an entry
     * each time. A member sends it once, and a connection brings it once.
     */
    private static boolean mayComeTwice(Parcel parcel) {
        return parcel.message().filter(message -> !(message instanceof Message.Propose))
                .isPresent();
    }
}
