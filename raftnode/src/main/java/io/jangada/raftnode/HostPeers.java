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
