// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.InvariantViolation;
import java.util.Optional;

/** Changes of membership whose context is in an {@link Envelope}, so that the proposer knows its own. */
final class ConfChangeEntries {
    private ConfChangeEntries() {}

    /** {@code change} with its context put into an envelope. */
    static ConfChange seal(ConfChange change, long proposer, long sequence) {
        return withContext(change, Envelope.seal(proposer, sequence, change.context()));
    }

    /** The envelope of {@code change}; empty where the core proposed it, to leave a joint configuration. */
    static Optional<Envelope> envelope(ConfChange change) {
        return Envelope.open(change.context());
    }

    /** {@code change} with the context that its proposer gave it. */
    static ConfChange plain(ConfChange change) {
        return envelope(change).map(envelope -> withContext(change, envelope.body()))
                .orElse(change);
    }

    /**
     * The change that is logged as {@code entry}.
     *
     * @throws InvariantViolation if it cannot be read: a leader appends none that it cannot read
     */
    static ConfChange open(Entry entry) {
        return ConfChangeCodec.decode(entry.type(), entry.data())
                .orElseThrow(() -> new InvariantViolation(
                        "committed change of membership cannot be read: " + entry.id()));
    }

    private static ConfChange withContext(ConfChange change, Bytes context) {
        return switch (change) {
            case ConfChange.V1 v1 -> new ConfChange.V1(v1.id(), v1.change(), context);
            case ConfChange.V2 v2 -> new ConfChange.V2(v2.transition(), v2.changes(), context);
        };
    }
}
