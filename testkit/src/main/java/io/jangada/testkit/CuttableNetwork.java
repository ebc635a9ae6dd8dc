// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import io.jangada.network.ListenException;
import io.jangada.network.Network;
import io.jangada.network.NetworkListener;
import io.jangada.network.PeerAddress;
import io.jangada.network.PeerStats;
import io.jangada.network.SnapshotSource;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.util.List;
import java.util.function.Consumer;

/** A member's network, of which what is for peers behind a cut gets lost without a word. Thread-safe. */
record CuttableNetwork(Network network, long self, Links links) implements Network {

    @Override
    public void start(NetworkListener listener) throws ListenException {
        network.start(listener);
    }

    @Override
    public void send(long group, Message message) {
        if (!links.isCut(self, message.to())) {
            network.send(group, message);
        }
    }

    @Override
    public void sendNote(long peer, Bytes note) {
        if (!links.isCut(self, peer)) {
            network.sendNote(peer, note);
        }
    }

    @Override
    public void sendSnapshot(long group, Message.InstallSnapshot message, SnapshotSource source,
            Consumer<Boolean> delivered) {
        if (links.isCut(self, message.to())) {
            Thread.startVirtualThread(() -> {
                source.close();
                delivered.accept(false);
            });
        } else {
            network.sendSnapshot(group, message, source, delivered);
        }
    }

    @Override
    public void addPeer(PeerAddress peer) {
        network.addPeer(peer);
    }

    @Override
    public void updatePeer(PeerAddress peer) {
        network.updatePeer(peer);
    }

    @Override
    public void removePeer(long peer) {
        network.removePeer(peer);
    }

    @Override
    public List<PeerStats> stats() {
        return network.stats();
    }

    @Override
    public boolean isConnected(long peer) {
        return !links.isCut(self, peer) && network.isConnected(peer);
    }

    @Override
    public void close() {
        network.close();
    }
}
