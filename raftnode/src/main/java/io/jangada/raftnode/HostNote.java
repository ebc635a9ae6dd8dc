// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What hosts say to each other about who they are and what they have, beside their groups' messages: see
 * {@link Introductions}. Immutable.
 */
sealed interface HostNote {
    /** Groups in one note: what is above is said in the next one. */
    int GROUPS_MAX = 1_000;

    /**
     * Who this is; said when a connection is made, and once a second.
     *
     * @param self this run of the member
     * @param echo the incarnation that the peer had said it knows, if this directory remembers it, or has
     *     owned up to having forgotten it; else {@link #NOBODY}
     * @param asks about which groups the peer is to say what it knows
     * @param durable by group, the term and the last index that are durable here
     * @param forgotten the groups in which something was forgotten
     * @param addresses where the sender listens, for peers that do not know it; none if it does not know
     */
    record Introduction(Incarnation self, Incarnation echo, Asked asks,
            Map<Long, EntryId> durable, Map<Long, MemberRecord.Forgotten> forgotten,
            List<HostPort> addresses) implements HostNote {
        public Introduction {
            durable = Map.copyOf(durable);
            forgotten = Map.copyOf(forgotten);
            addresses = List.copyOf(addresses);
        }

        /**
         * Whether the sender knows what it may have forgotten in {@code group}: it has told of the group and
         * asks about it no more. Of many groups not each is told of.
         */
        boolean isSettled(long group) {
            return !asks.concerns(group)
                    && (durable.containsKey(group) || durable.size() >= GROUPS_MAX);
        }
    }

    /**
     * Groups of whoever introduces itself; it does not know yet what it may have forgotten in them.
     *
     * @param groups at most {@link #GROUPS_MAX}
     * @param andOthers whether there are more than these, which are named once these are answered
     */
    record Asked(Set<Long> groups, boolean andOthers) {
        /** None. */
        static final Asked NONE = new Asked(Set.of(), false);

        public Asked {
            groups = Set.copyOf(groups);
        }

        /** The first of {@code groups}, in their order. */
        static Asked about(Set<Long> groups) {
            Set<Long> first = new TreeSet<>();
            for (Long group : groups) {
                if (first.size() < GROUPS_MAX) {
                    first.add(group);
                }
            }
            return new Asked(first, first.size() < groups.size());
        }

        /** Whether {@code group} is, or may be, one of them. */
        boolean concerns(long group) {
            return andOthers || groups.contains(group);
        }
    }

    /**
     * What a peer knows of whoever introduced itself.
     *
     * @param known the incarnation last known to be in order; {@link #NOBODY} if none
     * @param isAlive whether that one was heard just now, and is not the one that asks
     * @param claims for each group that was asked about, a term and an index that it had said to have
     *     durably, or acknowledged, in an earlier incarnation; {@link EntryId#ZERO} if nothing is known
     * @param voter the groups that the sender leads and in which the other one votes
     */
    record Answer(Incarnation known, boolean isAlive, Map<Long, EntryId> claims,
            Map<Long, Boolean> voter) implements HostNote {
        public Answer {
            claims = Map.copyOf(claims);
            voter = Map.copyOf(voter);
        }
    }

    /** Stands for whoever sends a note where addresses are encoded with an id. */
    long SENDER = 1;

    /** No incarnation. */
    Incarnation NOBODY = new Incarnation(0, 0);

    /** Its encoding. */
    default Bytes encode() {
        return switch (this) {
            case Introduction note -> {
                Bytes where = MemberAddresses
                        .encode(List.of(new Member(SENDER, note.addresses)));
                ByteBuffer target = ByteBuffer.allocate(
                        64 + 8 * note.asks.groups.size() + 24 * note.durable.size()
                                + 17 * note.forgotten.size() + where.size());
                target.put((byte) 1);
                put(target, note.self);
                put(target, note.echo);
                target.put((byte) (note.asks.andOthers ? 1 : 0));
                target.putInt(note.asks.groups.size());
                new TreeSet<>(note.asks.groups).forEach(target::putLong);
                putIds(target, note.durable);
                target.putInt(note.forgotten.size());
                new TreeMap<>(note.forgotten).forEach((group, loss) -> target.putLong(group)
                        .putLong(loss.token()).put((byte) (loss.wasVoter() ? 1 : 0)));
                where.copyTo(target);
                yield Bytes.copyOf(target.flip());
            }
            case Answer note -> {
                ByteBuffer target = ByteBuffer.allocate(
                        64 + 24 * note.claims.size() + 9 * note.voter.size());
                target.put((byte) 2);
                put(target, note.known);
                target.put((byte) (note.isAlive ? 1 : 0));
                putIds(target, note.claims);
                target.putInt(note.voter.size());
                new TreeMap<>(note.voter).forEach(
                        (group, is) -> target.putLong(group).put((byte) (is ? 1 : 0)));
                yield Bytes.copyOf(target.flip());
            }
        };
    }

    /** The note that {@code bytes} is; empty if it is none that this program knows. */
    static Optional<HostNote> decode(Bytes bytes) {
        ByteBuffer source = bytes.asByteBuffer();
        try {
            HostNote note = switch (source.get()) {
                case 1 -> new Introduction(incarnation(source), incarnation(source),
                        asked(source), ids(source), losses(source), addresses(source));
                case 2 -> new Answer(incarnation(source), source.get() != 0, ids(source),
                        flags(source));
                default -> throw new BufferUnderflowException();
            };
            return source.hasRemaining() ? Optional.empty() : Optional.of(note);
        } catch (BufferUnderflowException malformed) {
            return Optional.empty();
        }
    }

    private static void put(ByteBuffer target, Incarnation incarnation) {
        target.putLong(incarnation.number()).putLong(incarnation.nonce());
    }

    private static void putIds(ByteBuffer target, Map<Long, EntryId> ids) {
        target.putInt(ids.size());
        new TreeMap<>(ids).forEach((group, id) -> target.putLong(group).putLong(id.term())
                .putLong(id.index()));
    }

    private static Incarnation incarnation(ByteBuffer source) {
        return new Incarnation(source.getLong(), source.getLong());
    }

    private static Asked asked(ByteBuffer source) {
        boolean andOthers = source.get() != 0;
        Set<Long> groups = new TreeSet<>();
        for (int i = count(source); i > 0; i--) {
            groups.add(source.getLong());
        }
        return new Asked(groups, andOthers);
    }

    private static Map<Long, EntryId> ids(ByteBuffer source) {
        Map<Long, EntryId> ids = new TreeMap<>();
        for (int i = count(source); i > 0; i--) {
            ids.put(source.getLong(), new EntryId(source.getLong(), source.getLong()));
        }
        return ids;
    }

    private static Map<Long, MemberRecord.Forgotten> losses(ByteBuffer source) {
        Map<Long, MemberRecord.Forgotten> losses = new TreeMap<>();
        for (int i = count(source); i > 0; i--) {
            losses.put(source.getLong(),
                    new MemberRecord.Forgotten(source.getLong(), source.get() != 0));
        }
        return losses;
    }

    /* What the note ends with. */
    private static List<HostPort> addresses(ByteBuffer source) {
        List<Member> sender = MemberAddresses.decode(Bytes.copyOf(source.slice()));
        source.position(source.limit());
        if (sender.size() != 1) {
            throw new BufferUnderflowException();
        }
        return sender.getFirst().addresses();
    }

    private static Map<Long, Boolean> flags(ByteBuffer source) {
        Map<Long, Boolean> flags = new TreeMap<>();
        for (int i = count(source); i > 0; i--) {
            flags.put(source.getLong(), source.get() != 0);
        }
        return flags;
    }

    private static int count(ByteBuffer source) {
        int count = source.getInt();
        if (count < 0 || count > GROUPS_MAX) {
            throw new BufferUnderflowException();
        }
        return count;
    }
}
