// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.network.PeerAddress;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How members find out that one of them is not what it was: its data directory was wiped, or restored from
 * an older copy, or runs twice. Each member says who it is when a connection is made, before anything
 * else, and once a second: which run on its directory this is, and how far each group's log is durable. The
 * peers remember that; each run asks them about each of its groups, and goes on asking all of them until enough have
 * answered, and each one until that has.
 * What a peer knows and the directory does not is lost: see {@link Suffrage}. A group that is started asks for
 * itself: what others confirm counts all the while.
 *
 * <p>A peer takes a run for the present one when it follows on the one it knows: when the directory
 * remembers that one, or the member has owned up to having lost something. While the run that the peer
 * knows is still heard, another one is a second process with the same identity, and stops.
 *
 * <p>Belongs to the node loop, but for what says otherwise.
 */
final class Introductions {
    private static final long ASK_NANOS = Duration.ofMillis(100).toNanos();
    private static final int ASKS_A_SECOND = 10;
    private static final long ALIVE_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long CONFLICT_NANOS = Duration.ofSeconds(6).toNanos();

    /**
     * What is remembered of a peer while this process runs. Immutable.
     *
     * @param last its last introduction
     * @param lastNanos when that came
     * @param other the run that it was before
     * @param otherNanos when that was heard last
     * @param claims by group, what earlier runs had
     */
    private record Memory(HostNote.Introduction last, long lastNanos, Incarnation other,
            long otherNanos, Map<Long, EntryId> claims) {}

    private final HostParts host;
    private final Identity identity;
    private final Losses losses;
    private final Supplier<Collection<GroupPromises>> groups;
    private final EventLoop walLoop;
    private final Consumer<Throwable> failed;
    private final Map<Long, Memory> memories = new ConcurrentHashMap<>();
    private final Map<Long, Incarnation> echoes = new ConcurrentHashMap<>();
    /** The groups that were started here. */
    private final Set<Long> started = new ConcurrentSkipListSet<>();
    /** By peer, the groups about which it has said what it knows. */
    private final Map<Long, Set<Long>> settled = new ConcurrentHashMap<>();
    private final Map<Long, Long> conflicts = new HashMap<>();
    /** Who has introduced itself and is in no group as far as this member knows: it may lag. */
    private final Set<Long> strangers = new TreeSet<>();
    private Set<Long> unknownBefore = Set.of();
    /**
     * Whether a peer knew a run that the directory did not. It has taken this one for the present one since, and would
     * say so to a group that is started later: that has lost what the others have. Written by the node loop, read by
     * any thread.
     */
    private volatile boolean hasLostRuns;
    private int asks;
    /** Written by the node loop, read by any thread. */
    private volatile Map<Long, EntryId> durable = Map.of();

    Introductions(HostParts host, Identity identity, Losses losses, EventLoop walLoop,
            Supplier<Collection<GroupPromises>> groups, Consumer<Throwable> failed) {
        this.host = host;
        this.identity = identity;
        this.losses = losses;
        this.walLoop = walLoop;
        this.groups = groups;
        this.failed = failed;
    }

    /** Begins. */
    void start() {
        host.nodeLoop().schedule(this::tick, ASK_NANOS);
    }

    /**
     * One more group is about to hear its peers, who are asked about it before it can confirm anything to
     * them. Any thread.
     */
    void groupStarting(GroupPromises group) {
        started.add(group.group());
        Set<Long> others = group.members();
        others.remove(host.memberId());
        if (hasLostRuns && !others.isEmpty()) {
            host.nodeLoop().execute(() -> group.suffrage()
                    .forget("the data directory was found to have forgotten a run"));
        }
        others.forEach(this::introduce);
    }

    private void tick() {
        publish();
        asks++;
        Set<Long> all = peers();
        strangers.removeIf(host.peers()::hasLeft);
        all.addAll(strangers);
        for (long peer : all) {
            if (asks % ASKS_A_SECOND == 0 || !asked(peer).isEmpty()) {
                introduce(peer);
            }
        }
        groups.get().forEach(group -> group.suffrage().tick());
        tellOfProgress();
        host.nodeLoop().schedule(this::tick, ASK_NANOS);
    }

    private void publish() {
        Map<Long, EntryId> now = new HashMap<>();
        groups.get().forEach(group -> now.put(group.group(), group.durable()));
        durable = first(now);
    }

    private Set<Long> peers() {
        Set<Long> peers = new TreeSet<>();
        groups.get().forEach(group -> peers.addAll(group.members()));
        peers.remove(host.memberId());
        return peers;
    }

    /**
     * A member that was down, or has lost its disk, knows those that it knew last, perhaps not the one that leads now, which
     * was added since and counts on nobody who has not introduced itself: so it does that to whoever does so (in kind
     * etcd's remotes).
     */
    private void getToKnow(long peer, List<HostPort> addresses) {
        boolean isStranger = !peers().contains(peer) && !host.peers().hasLeft(peer);
        if (isStranger && strangers.size() < MemberRecord.PEERS_MAX && strangers.add(peer)
                && !addresses.isEmpty()) {
            host.network().updatePeer(new PeerAddress(peer, addresses));
        }
    }

    /** Says who this is; any thread. */
    private void introduce(long peer) {
        MemberRecord record = identity.record();
        host.network().sendNote(peer, new HostNote.Introduction(record.incarnation(),
                echoes.getOrDefault(peer, HostNote.NOBODY), HostNote.Asked.about(asked(peer)),
                durable, record.forgotten(), addresses()).encode());
    }

    /** Where this member listens, as far as its groups know. */
    private List<HostPort> addresses() {
        return groups.get().stream()
                .map(group -> group.parts().peers().addresses(host.memberId()))
                .filter(known -> !known.isEmpty()).findFirst().orElse(List.of());
    }

    /** The groups about which {@code peer} is to say what it knows, or others are; any thread. */
    private Set<Long> asked(long peer) {
        Set<Long> asked = unknown();
        asked.addAll(unsettled(peer));
        return asked;
    }

    /** The groups in which this member does not know yet whether it has forgotten something; any thread. */
    private Set<Long> unknown() {
        Set<Long> unknown = new TreeSet<>();
        for (GroupPromises group : groups.get()) {
            if (!group.suffrage().isKnown()) {
                unknown.add(group.group());
            }
        }
        return unknown;
    }

    /** What this member confirms counts once it asks no more: the peers hear of that at once. */
    private void tellOfProgress() {
        Set<Long> now = unknown();
        if (!now.containsAll(unknownBefore)) {
            peers().forEach(this::introduce);
        }
        unknownBefore = now;
    }

    /** The groups here about which {@code peer} has yet to say what it knows; any thread. */
    private Set<Long> unsettled(long peer) {
        Set<Long> known = settled.getOrDefault(peer, Set.of());
        if (known.size() == started.size()) {
            return Set.of();
        }
        Set<Long> groups = new TreeSet<>(started);
        groups.removeAll(known);
        return groups;
    }

    // What the network says; event loops.

    /** Notes and messages can leave to {@code peer}: this is the first. */
    void connected(long peer) {
        introduce(peer);
    }

    /** A note has come, which is answered by {@code reply}. */
    void note(long from, Bytes bytes, Consumer<Bytes> reply) {
        HostNote note = HostNote.decode(bytes).orElse(null);
        if (note instanceof HostNote.Introduction introduction) {
            /* At once: what comes behind it is of this run, and what came before was not. */
            Memory memory = remember(from, introduction);
            host.nodeLoop().execute(() -> introduced(from, introduction, memory, reply));
        } else if (note instanceof HostNote.Answer answer) {
            host.nodeLoop().execute(() -> answered(from, answer));
        }
    }

    /** Whether {@code message} is to be taken: see {@link Suffrage#counts}. */
    boolean counts(GroupPromises group, Message message) {
        Memory memory = memories.get(message.from());
        return group.suffrage().counts(message,
                memory == null ? null : memory.last().forgotten().get(group.group()),
                memory != null && memory.last().isSettled(group.group()));
    }

    /** Whether what {@code peer} confirms as a voter counts, as far as it has introduced itself. Any thread. */
    boolean isWhole(GroupPromises group, long peer) {
        Memory memory = memories.get(peer);
        return memory != null && group.suffrage().isWhole(peer,
                memory.last().forgotten().get(group.group()),
                memory.last().isSettled(group.group()));
    }

    private Memory remember(long peer, HostNote.Introduction note) {
        long now = host.loops().clock().nanos();
        return memories.compute(peer, (ignored, before) -> {
            if (before == null) {
                return new Memory(note, now, HostNote.NOBODY, 0, takeAcknowledged(peer, Map.of()));
            }
            if (before.last().self().equals(note.self())) {
                return new Memory(note, now, before.other(), before.otherNanos(),
                        before.claims());
            }
            Map<Long, EntryId> claims = new HashMap<>(before.claims());
            before.last().durable()
                    .forEach((group, id) -> claims.merge(group, id, Suffrage::later));
            return new Memory(note, now, before.last().self(), before.lastNanos(),
                    takeAcknowledged(peer, claims));
        });
    }

    private Map<Long, EntryId> takeAcknowledged(long peer, Map<Long, EntryId> known) {
        Map<Long, EntryId> claims = new HashMap<>(known);
        for (GroupPromises group : groups.get()) {
            claims.merge(group.group(), group.suffrage().takeAcknowledged(peer), Suffrage::later);
        }
        return first(claims);
    }

    /** As many as a note holds. */
    private static Map<Long, EntryId> first(Map<Long, EntryId> ids) {
        Map<Long, EntryId> first = new TreeMap<>();
        for (Map.Entry<Long, EntryId> id : new TreeMap<>(ids).entrySet()) {
            if (first.size() < HostNote.GROUPS_MAX) {
                first.put(id.getKey(), id.getValue());
            }
        }
        return first;
    }

    // A peer says who it is.

    private void introduced(long peer, HostNote.Introduction note, Memory memory,
            Consumer<Bytes> reply) {
        getToKnow(peer, note.addresses());
        Incarnation known = identity.record().peers().getOrDefault(peer, HostNote.NOBODY);
        boolean follows = known.equals(HostNote.NOBODY) || known.equals(note.self())
                || known.equals(note.echo());
        if (follows && !known.equals(note.self())) {
            identity.update(record -> record.withPeer(peer, note.self()), walLoop, () -> {},
                    failed);
        }
        Map<Long, Boolean> voter = new HashMap<>();
        for (GroupPromises group : groups.get()) {
            MemberRecord.Forgotten loss = note.forgotten().get(group.group());
            if (loss != null) {
                group.rejoin().heard(peer, loss);
                if (!loss.wasVoter() && group.leadsVoter(peer)) {
                    voter.put(group.group(), true);
                }
            }
        }
        if (!note.asks().groups().isEmpty() || !voter.isEmpty()) {
            boolean isAlive = !follows && known.equals(memory.other())
                    && host.loops().clock().nanos() - memory.otherNanos() < ALIVE_NANOS;
            Map<Long, EntryId> claims = new HashMap<>();
            note.asks().groups().forEach(group -> claims.put(group,
                    memory.claims().getOrDefault(group, EntryId.ZERO)));
            reply.accept(new HostNote.Answer(known, isAlive, claims, voter).encode());
        }
    }

    // A peer says what it knows.

    private void answered(long peer, HostNote.Answer note) {
        boolean isInOrder = note.known().equals(HostNote.NOBODY)
                || identity.record().remembers(note.known());
        if (!isInOrder && note.isAlive()) {
            groups.get().forEach(group -> group.suffrage().doubted(peer));
            conflict(peer, note.known());
            return;
        }
        conflicts.remove(peer);
        Collection<GroupPromises> all = groups.get();
        Set<Long> told = new TreeSet<>();
        for (GroupPromises group : all) {
            if (!isInOrder && !owns(identity.record(), group, note.known())) {
                group.suffrage().forget("peer " + Long.toHexString(peer) + " knows run "
                        + note.known().number() + " of this member, which the data directory,"
                        + " in run " + identity.record().number() + ", does not remember");
                losses.lost(group.group(), note.known());
                hasLostRuns = true;
            }
            EntryId claim = note.claims().get(group.group());
            if (claim != null) {
                told.add(group.group());
                group.suffrage().answered(peer, claim);
            }
            if (note.voter().containsKey(group.group())) {
                losses.wasVoter(group.group());
            }
        }
        /* Owned up to, durably, before the peer takes this run for the present one. */
        boolean isOwnedUp = isInOrder || all.stream()
                .allMatch(group -> identity.durable().forgotten().containsKey(group.group())
                        || owns(identity.durable(), group, note.known()));
        if (isOwnedUp && settled.computeIfAbsent(peer, ignored -> ConcurrentHashMap.newKeySet())
                .addAll(told)) {
            echoes.put(peer, note.known());
            publish();
            introduce(peer);
        }
        tellOfProgress();
    }

    /** Whether {@code record} owns up to having lost what {@code group} did in {@code run}. */
    private static boolean owns(MemberRecord record, GroupPromises group, Incarnation run) {
        return record.lost().contains(new MemberRecord.LostRun(group.group(), run));
    }

    private void conflict(long peer, Incarnation known) {
        long now = host.loops().clock().nanos();
        long since = conflicts.computeIfAbsent(peer, ignored -> now);
        if (now - since >= CONFLICT_NANOS) {
            failed.accept(new IOException("another process runs as member "
                    + Long.toHexString(host.memberId()) + " (run " + known.number() + "): peer "
                    + Long.toHexString(peer) + " hears it. Two copies of one data directory must"
                    + " not run; stop one of them"));
        }
    }
}
