// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether members keep to each other what reads rely on (Raft thesis 6.4, 6.4.1). A leader answers a read once a quorum
 * has echoed a heartbeat that left after the read came; or at once, while its lease lasts, which began when the heartbeat
 * left that a quorum has echoed last, and for good only until it tells somebody to campaign. Who echoes heartbeats gives no
 * vote, and does not campaign, for longer than that, unless the leader asks.
 */
final class Leases {
    private static final long SLACK_NANOS = 1_000_000;
    /** Of a promise: clocks' rates differ by the rest. */
    private static final double LEASE = 0.8;

    private record Vote(long member, long candidate, long term) {}

    private record Reign(InTerm leader, ConfState conf) {}

    private final Clock clock;
    private final double promiseNanos;
    private final boolean leases;
    private final Map<Long, Double> rates = new HashMap<>();
    /** When a member has last confirmed that it follows, or has begun. */
    private final Map<Long, Long> promised = new HashMap<>();
    /** The same, when the first request came for a vote that no leader had asked for. */
    private final Map<Vote, Long> asked = new HashMap<>();
    private final Set<Vote> excused = new HashSet<>();
    /** When a leader has first told somebody to campaign. */
    private final Map<InTerm, Long> handedOver = new HashMap<>();
    /** When a leader first sent a heartbeat with a position. */
    private final Map<InTerm, TreeMap<Long, Long>> beats = new HashMap<>();
    private final Map<InTerm, Map<Long, Long>> echoes = new HashMap<>();
    private final Map<Bytes, Long> reads = new HashMap<>();
    /** By member, until when at the latest it led like this. */
    private final Map<Long, Map<Reign, Long>> reigns = new HashMap<>();
    /** By member, how it led when it was seen last, if it did. */
    private final Map<Long, Reign> leading = new HashMap<>();

    Leases(Scenario scenario, Clock clock) {
        this.clock = clock;
        leases = scenario.options().leaseReads();
        promiseNanos = (double) scenario.options().tick().toNanos()
                * scenario.options().electionTicks();
    }

    /** A process of {@code member} begins, whose clock runs at {@code rate}. */
    void began(long member, double rate) {
        rates.put(member, rate);
        promised.put(member, clock.nanos());
        leading.remove(member); // With the process before.
    }

    /** {@code message} has come to its recipient. */
    void arrived(Message message) {
        switch (message) {
            case Message.VoteRequest one -> {
                Vote vote = new Vote(one.to(), one.from(), one.term());
                asked.putIfAbsent(vote, promised.getOrDefault(one.to(), 0L));
                if (one.transfer()) {
                    excused.add(vote);
                }
            }
            case Message.HeartbeatResponse one -> echoes
                    .computeIfAbsent(new InTerm(one.to(), one.term()), ignored -> new HashMap<>())
                    .merge(one.from(), one.readPosition(), Math::max);
            case Message.ReadIndexRequest one -> reads.putIfAbsent(one.context(), clock.nanos());
            default -> {
            }
        }
    }

    /**
     * {@code message} leaves its sender.
     *
     * @param inForce the configurations that its sender has, or had a moment ago
     */
    void sent(Message message, Set<ConfState> inForce) {
        switch (message) {
            case Message.VoteRequest one when !one.transfer() ->
                isFree(one.from(), promised.getOrDefault(one.from(), 0L), "campaigns in term "
                        + one.term());
            case Message.VoteResponse one when one.granted() -> {
                Vote vote = new Vote(one.from(), one.to(), one.term());
                Long before = asked.get(vote);
                if (before != null && !excused.contains(vote)) {
                    isFree(one.from(), before, "votes for " + one.to() + " in term " + one.term());
                }
            }
            case Message.HeartbeatResponse one -> promised.put(one.from(), clock.nanos());
            case Message.Heartbeat one -> beats
                    .computeIfAbsent(new InTerm(one.from(), one.term()),
                            ignored -> new TreeMap<>())
                    .putIfAbsent(one.readPosition(), clock.nanos());
            case Message.TimeoutNow one -> handedOver.putIfAbsent(
                    new InTerm(one.from(), one.term()), clock.nanos());
            case Message.ReadIndexResponse one -> answered(one, inForce);
            default -> {
            }
        }
    }

    private void isFree(long member, long sinceNanos, String what) {
        double heldNanos = (clock.nanos() - sinceNanos) * rates.getOrDefault(member, 1.0);
        if (leases && heldNanos + SLACK_NANOS < promiseNanos) {
            throw new Violation("who follows gives no vote", "member " + member + " " + what + ", "
                    + heldNanos / 1e9 + " s after it confirmed that it follows, for "
                    + promiseNanos / 1e9 + " s");
        }
    }

    private void answered(Message.ReadIndexResponse answer, Set<ConfState> inForce) {
        Long cameNanos = reads.get(answer.context());
        InTerm leader = new InTerm(answer.from(), answer.term());
        if (cameNanos == null || inForce.isEmpty()) {
            return;
        }
        long sentNanos = Long.MIN_VALUE;
        for (ConfState conf : inForce) {
            sentNanos = Math.max(sentNanos, confirmedNanos(leader, conf));
        }
        if (sentNanos >= cameNanos) {
            return;
        }
        double heldNanos = (clock.nanos() - (double) sentNanos)
                * rates.getOrDefault(answer.from(), 1.0);
        if (!leases || handedOver.containsKey(leader)
                || heldNanos > promiseNanos * LEASE + SLACK_NANOS) {
            throw new Violation("reads are confirmed", "leader " + answer.from() + " of term "
                    + answer.term() + " answers a read that no quorum has confirmed, "
                    + (handedOver.containsKey(leader) ? "after it has handed over, " : "")
                    + "by the echoes of heartbeats sent " + heldNanos / 1e9 + " s ago");
        }
    }

    /** {@code leader} leads, and has {@code conf} in force. */
    void leads(InTerm leader, ConfState conf) {
        var reign = new Reign(leader, conf);
        if (!reign.equals(leading.get(leader.member()))) {
            leadsNoMore(leader.member());
            leading.put(leader.member(), reign);
        }
        last(leader.member(), reign);
    }

    /** {@code member} does not lead, or not as before; a moment ago it may have. */
    void leadsNoMore(long member) {
        Reign before = leading.remove(member);
        if (before != null) {
            last(member, before);
        }
    }

    private void last(long member, Reign reign) {
        reigns.computeIfAbsent(member, ignored -> new HashMap<>()).put(reign, clock.nanos());
    }

    /** {@code member} serves a read that came to it at {@code cameNanos}, and that it has asked nobody else about. */
    void served(long member, long cameNanos) {
        Map<Reign, Long> since = new HashMap<>(reigns.getOrDefault(member, Map.of()));
        since.values().removeIf(last -> last < cameNanos);
        String came = "member " + member + " serves a read that came "
                + (clock.nanos() - cameNanos) / 1e9 + " s ago";
        if (since.isEmpty()) {
            throw new Violation("reads are asked for",
                    came + ", and has no answer to what it asked since");
        }
        if (since.keySet().stream().noneMatch(reign -> mayServe(reign, cameNanos))) {
            throw new Violation("reads are confirmed",
                    came + ", and no quorum has confirmed that it leads, in any of "
                            + since.keySet());
        }
    }

    private boolean mayServe(Reign reign, long cameNanos) {
        long sentNanos = confirmedNanos(reign.leader(), reign.conf());
        double heldNanos = (cameNanos - (double) sentNanos)
                * rates.getOrDefault(reign.leader().member(), 1.0);
        return sentNanos >= cameNanos
                || (leases && handedOver.getOrDefault(reign.leader(), Long.MAX_VALUE) >= cameNanos
                        && heldNanos <= promiseNanos * LEASE + SLACK_NANOS);
    }

    /** When the last heartbeat left that a quorum has echoed: never, or always where the leader is one by itself. */
    private long confirmedNanos(InTerm leader, ConfState conf) {
        Map<Long, Long> echoed = echoes.getOrDefault(leader, Map.of());
        TreeMap<Long, Long> sent = beats.getOrDefault(leader, new TreeMap<>());
        if (Commits.isQuorum(conf, Set.of(leader.member()))) {
            return Long.MAX_VALUE;
        }
        long last = Long.MIN_VALUE;
        for (long position : new TreeSet<>(echoed.values())) {
            Set<Long> have = new HashSet<>(Set.of(leader.member()));
            echoed.forEach((peer, to) -> {
                if (to >= position) {
                    have.add(peer);
                }
            });
            Long sentNanos = sent.get(position);
            if (position > 0 && sentNanos != null && Commits.isQuorum(conf, have)) {
                last = Math.max(last, sentNanos);
            }
        }
        return last;
    }
}
