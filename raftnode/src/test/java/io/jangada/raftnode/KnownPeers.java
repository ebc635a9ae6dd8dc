// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.network.ListenException;
import io.jangada.network.Network;
import io.jangada.network.NetworkListener;
import io.jangada.network.PeerAddress;
import io.jangada.network.PeerStats;
import io.jangada.network.SnapshotSource;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A network that remembers which addresses it was given. */
final class KnownPeers implements Network {
    final SortedMap<Long, List<HostPort>> addresses = new TreeMap<>();
    private final Network network;

    KnownPeers(Network network) {
        this.network = network;
    }

    @Override
    public void addPeer(PeerAddress peer) {
        updatePeer(peer);
    }

    @Override
    public void updatePeer(PeerAddress peer) {
        addresses.put(peer.id(), peer.addresses());
        network.updatePeer(peer);
    }

    @Override
    public void removePeer(long peer) {
        addresses.remove(peer);
        network.removePeer(peer);
    }

    @Override
    public void start(NetworkListener listener) throws ListenException {
        network.start(listener);
    }

    @Override
    public void send(long group, Message message) {
        network.send(group, message);
    }

    @Override
    public void sendNote(long peer, Bytes note) {
        network.sendNote(peer, note);
    }

    @Override
    public void sendSnapshot(long group, Message.InstallSnapshot message, SnapshotSource source,
            Consumer<Boolean> delivered) {
        network.sendSnapshot(group, message, source, delivered);
    }

    @Override
    public List<PeerStats> stats() {
        return network.stats();
    }

    @Override
    public boolean isConnected(long peer) {
        return network.isConnected(peer);
    }

    @Override
    public void close() {
        network.close();
    }
}
