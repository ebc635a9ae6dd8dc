// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.network.HostPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A member that runs: consensus, store and API in this process. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class EtcdServer implements AutoCloseable {
    private EtcdServer() {}

    /**
     * Starts a member. Blocks while it reads the disk, not until it has a leader.
     *
     * @throws StartException if a port is in use, or the data directory is locked, damaged, unreadable
     *     or another member's; then nothing was written
     */
    public static EtcdServer start(ServerConfig config) throws StartException {
        throw new StartException("not running " + config);
    }

    /** Completed once this member serves clients; exceptionally if it stops before. */
    public CompletableFuture<Void> ready() {
        throw new UnsupportedOperationException();
    }

    /** Completed when this member has stopped: exceptionally with the failure, if it was not asked to. */
    public CompletableFuture<Void> stopped() {
        throw new UnsupportedOperationException();
    }

    /** Where clients are served, with the ports that were bound. */
    public List<HostPort> clientAddresses() {
        throw new UnsupportedOperationException();
    }

    /** Hands leadership over if it has it, answers what is open, and stops; at most 1.5 s. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
