// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;

/**
 * What a data directory remembers of itself and of the peers, beside the log. Immutable.
 *
 * @param clusterId the cluster
 * @param memberId the member
 * @param number how often the member was started on this directory
 * @param nonces those of the last starts, the present one last
 * @param peers the incarnation of each peer that was last known to be in order
 * @param forgotten the groups in which this member must not vote, since it has lost something
 * @param lost what is known to be lost, whether it was made good or not, the last one last
 */
record MemberRecord(long clusterId, long memberId, long number, List<Long> nonces,
        Map<Long, Incarnation> peers, Map<Long, Forgotten> forgotten, List<LostRun> lost) {

    /** A slot that holds any record. */
    static final int SLOT_BYTES = 32 << 10;
    /** How many starts are remembered; a peer that knows only an older one learns nothing from it. */
    static final int NONCES_MAX = 256;
    /** How many peers and groups are remembered. */
    static final int PEERS_MAX = 512;
    static final int FORGOTTEN_MAX = 512;

    /** How many lost runs are remembered: one more takes the place of the first. */
    static final int LOST_MAX = 256;

    private static final byte VERSION = 2;
    /** Without lost runs. */
    private static final byte FIRST_VERSION = 1;

    /**
     * What is known of a group in which something was forgotten.
     *
     * @param token names this loss: a promotion that carries it ends it
     * @param wasVoter whether the leader has said that this member votes in it
     */
    record Forgotten(long token, boolean wasVoter) {}

    /**
     * A run that a peer knew and the directory did not. This member has owned up to that: another peer that knows
     * nothing later tells of the same loss, perhaps when it was made good.
     *
     * @param group in which something was forgotten with it
     */
    record LostRun(long group, Incarnation run) {}

    MemberRecord {
        nonces = List.copyOf(nonces);
        peers = Map.copyOf(peers);
        forgotten = Map.copyOf(forgotten);
        lost = List.copyOf(lost);
    }

    /** Of a directory in which nothing was ever started. */
    static MemberRecord blank(long clusterId, long memberId) {
        return new MemberRecord(clusterId, memberId, 0, List.of(), Map.of(), Map.of(), List.of());
    }

    /**
     * Once more, with {@code nonce}. What is still lost gets another name: the directory may be an older copy, from
     * before the loss of the old name was made good, and what has been lost since is not made good by that.
     */
    MemberRecord started(long nonce) {
        List<Long> all = new ArrayList<>(nonces);
        all.add(nonce);
        List<Long> last = all.subList(Math.max(0, all.size() - NONCES_MAX), all.size());
        Map<Long, Forgotten> renamed = new TreeMap<>();
        forgotten.forEach(
                (group, loss) -> renamed.put(group, new Forgotten(nonce, loss.wasVoter())));
        return new MemberRecord(clusterId, memberId, number + 1, last, peers, renamed, lost);
    }

    /** The present run. */
    Incarnation incarnation() {
        return new Incarnation(number, nonces.getLast());
    }

    /** Whether {@code seen} may have been a run on this directory: an old one is taken for it. */
    boolean remembers(Incarnation seen) {
        long ago = number - seen.number();
        if (ago < 0) {
            return false;
        }
        return ago >= nonces.size()
                ? nonces.size() == NONCES_MAX
                : nonces.get((int) (nonces.size() - 1 - ago)) == seen.nonce();
    }

    MemberRecord withPeer(long peer, Incarnation seen) {
        Map<Long, Incarnation> changed = new TreeMap<>(peers);
        if (changed.size() < PEERS_MAX || changed.containsKey(peer)) {
            changed.put(peer, seen);
        }
        return new MemberRecord(clusterId, memberId, number, nonces, changed, forgotten, lost);
    }

    /**
     * With a loss in {@code group}.
     *
     * @throws IllegalStateException if there are too many already
     */
    MemberRecord withForgotten(long group, Forgotten loss) {
        Map<Long, Forgotten> changed = new TreeMap<>(forgotten);
        changed.put(group, loss);
        if (changed.size() > FORGOTTEN_MAX) {
            throw new IllegalStateException("groups that have forgotten: " + changed.size()
                    + ", above " + FORGOTTEN_MAX);
        }
        return new MemberRecord(clusterId, memberId, number, nonces, peers, changed, lost);
    }

    MemberRecord withoutForgotten(long group) {
        Map<Long, Forgotten> changed = new TreeMap<>(forgotten);
        changed.remove(group);
        return new MemberRecord(clusterId, memberId, number, nonces, peers, changed, lost);
    }

    /** With one more lost run. */
    MemberRecord withLost(LostRun one) {
        SequencedSet<LostRun> all = new LinkedHashSet<>(lost);
        all.addLast(one);
        if (all.size() > LOST_MAX) {
            all.removeFirst();
        }
        return new MemberRecord(clusterId, memberId, number, nonces, peers, forgotten,
                List.copyOf(all));
    }

    Bytes encode() {
        ByteBuffer target = ByteBuffer.allocate(SLOT_BYTES);
        target.put(VERSION).putLong(clusterId).putLong(memberId).putLong(number);
        target.putInt(nonces.size());
        nonces.forEach(target::putLong);
        target.putInt(peers.size());
        new TreeMap<>(peers).forEach((peer, seen) -> target.putLong(peer).putLong(seen.number())
                .putLong(seen.nonce()));
        target.putInt(forgotten.size());
        new TreeMap<>(forgotten).forEach((group, loss) -> target.putLong(group)
                .putLong(loss.token()).put((byte) (loss.wasVoter() ? 1 : 0)));
        target.putInt(lost.size());
        lost.forEach(one -> target.putLong(one.group()).putLong(one.run().number())
                .putLong(one.run().nonce()));
        return Bytes.copyOf(target.flip());
    }

    /** What {@link #encode} wrote; empty if it is something else. */
    static Optional<MemberRecord> decode(Bytes content) {
        ByteBuffer source = content.asByteBuffer();
        try {
            byte version = source.get();
            if (version != VERSION && version != FIRST_VERSION) {
                return Optional.empty();
            }
            long cluster = source.getLong();
            long member = source.getLong();
            long number = source.getLong();
            List<Long> nonces = new ArrayList<>();
            for (int i = count(source, NONCES_MAX); i > 0; i--) {
                nonces.add(source.getLong());
            }
            Map<Long, Incarnation> peers = new TreeMap<>();
            for (int i = count(source, PEERS_MAX); i > 0; i--) {
                peers.put(source.getLong(),
                        new Incarnation(source.getLong(), source.getLong()));
            }
            Map<Long, Forgotten> forgotten = new TreeMap<>();
            for (int i = count(source, FORGOTTEN_MAX); i > 0; i--) {
                forgotten.put(source.getLong(),
                        new Forgotten(source.getLong(), source.get() != 0));
            }
            List<LostRun> lost = new ArrayList<>();
            for (int i = version == VERSION ? count(source, LOST_MAX) : 0; i > 0; i--) {
                lost.add(new LostRun(source.getLong(),
                        new Incarnation(source.getLong(), source.getLong())));
            }
            return source.hasRemaining()
                    ? Optional.empty()
                    : Optional.of(new MemberRecord(cluster, member, number, nonces, peers,
                            forgotten, lost));
        } catch (BufferUnderflowException cut) {
            return Optional.empty();
        }
    }

    private static int count(ByteBuffer source, int max) {
        int count = source.getInt();
        if (count < 0 || count > max) {
            throw new BufferUnderflowException();
        }
        return count;
    }
}
