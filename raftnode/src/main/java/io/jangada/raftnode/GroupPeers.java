// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.network.PeerAddress;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Where the members of a group are, as far as this member has been told, and the network's peers kept
 * accordingly. An address is a hint and no state: the newest one counts. Thread-safe: one lock, and a
 * concurrent map for those who only look.
 */
final class GroupPeers {
    private final GroupConfig config;
    private final HostParts host;
    private final AddressFile file;
    private final Map<Long, List<HostPort>> addresses = new ConcurrentSkipListMap<>();
    /** Who was a member last. */
    private Set<Long> present = Set.of();

    /**
     * With the members that the group was configured with, and those that this member was told of before;
     * where both have addresses, the configuration's count. Reads the disk.
     */
    GroupPeers(GroupConfig config, HostParts host) {
        this.config = config;
        this.host = host;
        file = host.peers().file(config.group());
        file.read().forEach(one -> addresses.put(one.id(), one.addresses()));
        for (Member member : config.members()) {
            if (!member.addresses().isEmpty() || !addresses.containsKey(member.id())) {
                addresses.put(member.id(), member.addresses());
            }
        }
        host.peers().use(config.group(), addresses.keySet());
    }

    /** The group starts with these members. */
    synchronized void start(ConfState confState) {
        present = ids(confState);
        host.peers().use(config.group(), present);
        addresses.keySet().removeIf(id -> !present.contains(id)
                && config.members().stream().noneMatch(one -> one.id() == id));
        addresses.forEach(this::tellNetwork);
    }

    private void tellNetwork(long id, List<HostPort> where) {
        if (id != host.memberId() && !where.isEmpty()) {
            host.network().updatePeer(new PeerAddress(id, where));
        }
    }

    private void save() {
        host.loops().background().execute(() -> file.write(this::encode));
    }

    /** The addresses of all members, for one that joins; any thread. */
    Bytes encode() {
        List<Member> members = new ArrayList<>();
        addresses.forEach((id, where) -> members.add(new Member(id, where)));
        return MemberAddresses.encode(members);
    }

    /** Where {@code member} listens; empty if that is not known. Any thread. */
    List<HostPort> addresses(long member) {
        return addresses.getOrDefault(member, List.of());
    }

    /** The present members, in order; any thread. */
    synchronized Set<Long> present() {
        return new TreeSet<>(present);
    }

    /** The addresses of the present members; any thread. */
    synchronized List<Member> roster() {
        List<Member> members = new ArrayList<>();
        for (long id : present) {
            members.add(new Member(id, addresses.getOrDefault(id, List.of())));
        }
        return List.copyOf(members);
    }

    /** The membership is {@code confState} now, and {@code told} came with it. */
    synchronized void changed(ConfState confState, List<Member> told, Standing standing) {
        Set<Long> now = ids(confState);
        for (Member member : told) {
            if (now.contains(member.id())) {
                learn(member);
            }
        }
        if (!told.isEmpty()) {
            save();
        }
        host.peers().use(config.group(), now);
        Set<Long> gone = new TreeSet<>(present);
        gone.removeAll(now);
        present = now;
        if (!gone.isEmpty()) {
            long delayNanos = config.tick().toNanos() * config.electionTimeoutTicks();
            host.nodeLoop().schedule(() -> forget(gone, standing), delayNanos);
        }
    }

    private void learn(Member member) {
        addresses.put(member.id(), member.addresses());
        tellNetwork(member.id(), member.addresses());
    }

    /* They have had time to hear of it. Whoever is a member again meanwhile stays. */
    private synchronized void forget(Set<Long> gone, Standing standing) {
        Set<Long> now = ids(standing.confState());
        for (long id : gone) {
            if (!now.contains(id)) {
                addresses.remove(id);
                host.peers().leave(config.group(), id);
                save();
            }
        }
    }

    /** All members of {@code confState}. */
    static Set<Long> ids(ConfState confState) {
        Set<Long> ids = new TreeSet<>(confState.voters());
        ids.addAll(confState.learners());
        ids.addAll(confState.votersOutgoing());
        ids.addAll(confState.learnersNext());
        return ids;
    }
}
