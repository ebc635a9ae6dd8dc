// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.SnapshotOffer;
import io.jangada.wal.SnapshotReceiver;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a group has of a snapshot whose transfer broke: kept for {@link #KEEP}, so that the next transfer
 * of the same content goes on where the verified part ends. At most one: another content, or a newer
 * break, takes its place. A process that ends leaves a file, which the next start deletes. Thread-safe.
 */
final class PartialSnapshot {
    /** Leaders try again within seconds; an outage longer than this begins anew. */
    static final Duration KEEP = Duration.ofMinutes(10);
    private static final Logger LOGGER = System.getLogger(PartialSnapshot.class.getName());

    private record Kept(SnapshotOffer offer, SnapshotReceiver receiver) {}

    private final HostParts host;
    private final AtomicReference<@Nullable Kept> kept = new AtomicReference<>();

    /** Nothing yet. Time passes on the node loop of {@code host}, files are deleted in its background. */
    PartialSnapshot(HostParts host) {
        this.host = host;
    }

    /**
     * Takes what is kept of {@code offer}, ready to go on; null if nothing is. Of another content nothing
     * is kept any longer. May block.
     */
    @Nullable
    SnapshotReceiver take(SnapshotOffer offer) throws IOException {
        Kept taken = kept.getAndSet(null);
        if (taken == null) {
            return null;
        }
        if (!taken.offer().isSameContent(offer)) {
            delete(taken);
            return null;
        }
        boolean resumed = false;
        try {
            taken.receiver().resume();
            resumed = true;
            return taken.receiver();
        } finally {
            if (!resumed) {
                delete(taken);
            }
        }
    }

    /** Keeps what has come of {@code offer}; nobody writes to {@code receiver} any more. May block. */
    void keep(SnapshotOffer offer, SnapshotReceiver receiver) {
        Kept now = new Kept(offer, receiver);
        try {
            receiver.suspend();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "half a snapshot cannot be kept", e);
            delete(now);
            return;
        }
        Kept before = kept.getAndSet(now);
        if (before != null) {
            delete(before);
        }
        Cancellable ignored = host.nodeLoop().schedule(() -> {
            if (kept.compareAndSet(now, null)) {
                host.loops().background().execute(() -> delete(now));
            }
        }, KEEP.toNanos());
    }

    private static void delete(Kept old) {
        try {
            old.receiver().abort();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "half a snapshot is left behind", e);
        }
    }
}
