// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.Network;
import io.jangada.wal.disk.Disk;
import java.nio.file.Path;
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
    private final Disk disk;
    private final Path directory;
    private final Map<Long, Set<Long>> groups = new TreeMap<>();
    private final Set<Long> left = new TreeSet<>();

    /**
     * Without groups.
     *
     * @param directory where the addresses are kept
     */
    HostPeers(Network network, long memberId, Disk disk, Path directory) {
        this.network = network;
        this.memberId = memberId;
        this.disk = disk;
        this.directory = directory;
    }

    /** Where the addresses of {@code group} are kept. */
    AddressFile file(long group) {
        return new AddressFile(disk, directory, group);
    }

    /** {@code group} has these members. */
    synchronized void use(long group, Collection<Long> members) {
        for (long member : members) {
            left.remove(member);
            groups.computeIfAbsent(member, ignored -> new TreeSet<>()).add(group);
        }
    }

    /** Whether {@code member} was in a group, and is in none now. */
    synchronized boolean hasLeft(long member) {
        return left.contains(member);
    }

    /** {@code group} has this member no more. */
    synchronized void leave(long group, long member) {
        Set<Long> its = groups.get(member);
        if (its != null && its.remove(group) && its.isEmpty()) {
            groups.remove(member);
            left.add(member);
            if (member != memberId) {
                network.removePeer(member);
            }
        }
    }
}
