// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.Network;
import io.jangada.raft.storage.SlabPool;
import io.jangada.wal.SnapshotStore;
import java.util.random.RandomGenerator;

/**
 * What a host lends to its groups. Immutable.
 *
 * @param memberId this member
 * @param nodeLoop owns the cores
 * @param applyLoop owns the state machines
 * @param writer writes the log
 * @param snapshots the snapshot files
 * @param network the way to the peers
 * @param peers which group has which of them
 * @param loops makes loops, and has the clock and the background
 * @param instruments what is measured
 * @param random the host's chance; for the starting thread
 * @param losses what this member has forgotten
 * @param slabs memory for the logs; for the node loop
 */
record HostParts(long memberId, EventLoop nodeLoop, EventLoop applyLoop, WalWriter writer,
        SnapshotStore snapshots, Network network, HostPeers peers, EventLoops loops,
        Instruments instruments, RandomGenerator random, Suffrage.Losses losses, SlabPool slabs) {}
