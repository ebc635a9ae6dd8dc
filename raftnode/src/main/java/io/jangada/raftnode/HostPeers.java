// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.Network;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which groups of a host have which members: a peer that none has any more is taken out of the network.
 * Thread-safe: one lock.
 */
final class HostPeers {
    private final Network network;
    private final long memberId;
    private final Map<Long, Set<Long>> groups = new TreeMap<>();

    HostPeers(Network network, long memberId) {
        this.network = network;
        this.memberId = memberId;
    }

    /** {@code group} has these members. */
    synchronized void use(long group, Collection<Long> members) {
        for (long member : members) {
            groups.computeIfAbsent(member, ignored -> new TreeSet<>()).add(group);
        }
    }

    /** {@code group} has this member no more. */
    synchronized void leave(long group, long member) {
        Set<Long> left = groups.get(member);
        if (left != null && left.remove(group) && left.isEmpty()) {
            groups.remove(member);
            if (member != memberId) {
                network.removePeer(member);
            }
        }
    }
}
