// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import io.jangada.mvcc.backend.BackendSnapshot;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The state after one batch, shared by all who read it. Thread-safe.
 *
 * <p>Made by the apply loop after each batch, which holds one reference until the next; each view
 * holds one more. The last to let go closes the snapshot.
 */
final class Published {
    private final BackendSnapshot snapshot;
    private final Reads reads;
    private final AtomicInteger references = new AtomicInteger(1);

    Published(BackendSnapshot snapshot, long revision, long compactRevision) {
        this.snapshot = snapshot;
        this.reads = new Reads(snapshot, revision, compactRevision);
    }

    Reads reads() {
        return reads;
    }

    BackendSnapshot snapshot() {
        return snapshot;
    }

    /** Takes a reference, unless the last one is gone: then there is a newer state to ask. */
    boolean tryAcquire() {
        int held = references.get();
        while (held > 0) {
            if (references.compareAndSet(held, held + 1)) {
                return true;
            }
            held = references.get();
        }
        return false;
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            snapshot.close();
        }
    }
}
