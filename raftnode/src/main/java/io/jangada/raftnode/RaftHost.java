// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.network.Network;
import io.jangada.wal.WalConfig;
import io.jangada.wal.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * What all groups of a process share: the log, the snapshot files, the network and the loops.
 * Thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class RaftHost implements AutoCloseable {
    private RaftHost() {}

    /**
     * A host of the member {@code memberId}, which keeps its log in {@code directory/wal} and its
     * snapshots in {@code directory/snap}.
     */
    public static Builder builder(long clusterId, long memberId, Path directory) {
        return new Builder();
    }

    /**
     * Starts a group: recovers it from the disk, or begins or joins it. Blocks while it reads the disk.
     *
     * @throws IOException if the disk fails, or what is on it does not fit together
     */
    public <R> RaftNode<R> start(GroupConfig config, StateMachine<R> machine) throws IOException {
        throw new UnsupportedOperationException("" + config + machine);
    }

    /** The network, for adding and removing peers. */
    public Network network() {
        throw new UnsupportedOperationException();
    }

    /** Where the host's own TCP network listens; empty if another network was plugged in. */
    public List<HostPort> boundAddresses() {
        throw new UnsupportedOperationException();
    }

    /** As {@link #close}, without waiting. */
    public CompletableFuture<Void> closeAsync() {
        throw new UnsupportedOperationException();
    }

    /** Hands leadership over where this member leads, for at most 1.5 s, then stops all groups and lets go of everything. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    @SuppressWarnings("DoNotCallSuggester")
    public static final class Builder {
        private Builder() {}

        /** Where to listen for peers, with port 0 for any; default: nowhere, for a group of one. */
        public Builder listen(List<HostPort> value) {
            throw new UnsupportedOperationException("" + value);
        }

        /** Default: TCP, see {@link #listen}. The host starts it and closes it. */
        public Builder network(Network value) {
            throw new UnsupportedOperationException("" + value);
        }

        /** Default: {@code directory/wal}. */
        public Builder walDirectory(Path value) {
            throw new UnsupportedOperationException("" + value);
        }

        /** Default: {@code directory/snap}. */
        public Builder snapshotDirectory(Path value) {
            throw new UnsupportedOperationException("" + value);
        }

        /** Default: the file system. */
        public Builder disk(Disk value) {
            throw new UnsupportedOperationException("" + value);
        }

        /** Default: {@link WalConfig#DEFAULT}. */
        public Builder wal(WalConfig value) {
            throw new UnsupportedOperationException("" + value);
        }

        /** Default: threads of its own. */
        public Builder loops(EventLoops value) {
            throw new UnsupportedOperationException("" + value);
        }

        /** Default: a generator with a seed from the system. */
        public Builder random(RandomGenerator value) {
            throw new UnsupportedOperationException("" + value);
        }

        /**
         * Opens the log and starts the network. Blocks.
         *
         * @throws IOException if a directory is locked or belongs to another member, an address is in
         *     use, or what is on the disk is damaged; the message says what and where
         */
        public RaftHost open() throws IOException {
            throw new UnsupportedOperationException();
        }
    }
}
