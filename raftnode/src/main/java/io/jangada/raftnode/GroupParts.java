// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.RaftConfig;
import io.jangada.raft.RaftTracer;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.MemoryStorage;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What the parts of a group on this member share. Immutable.
 *
 * @param config the group
 * @param host what the host lends
 * @param storage the log, as the core sees it; for the node loop
 * @param snapshots the group's snapshots
 * @param peers where the members are
 * @param standing how this member stands
 * @param nodeLoop the host's, as long as the group runs
 * @param applyLoop the host's, as long as the group runs
 * @param failed stops the group for good; any thread
 */
record GroupParts(GroupConfig config, HostParts host, MemoryStorage storage, Snapshots snapshots,
        GroupPeers peers, Standing standing, Executor nodeLoop, Executor applyLoop,
        Consumer<Throwable> failed) {

    long memberId() {
        return host.memberId();
    }

    /** How the core is made, with the machine holding all up to {@code appliedIndex}; starting thread. */
    RaftConfig coreConfig(long appliedIndex, RaftTracer tracer) {
        return RaftConfig.builder(memberId(), storage,
                new SplittableRandom(host.random().nextLong()))
                .electionTimeoutTicks(config.electionTimeoutTicks())
                .heartbeatTicks(config.heartbeatTicks())
                .appliedIndex(appliedIndex)
                .asyncStorageWrites(true)
                .preVote(config.preVote())
                .maxMessageBytes(config.limits().appendBytesMax())
                .readOnly(config.readOnly())
                .leasePromiseNanos(config.leasePromiseNanos())
                .tracer(tracer)
                .build();
    }

    /** Sends to a peer, a snapshot with its file. */
    void send(Message message) {
        if (message instanceof Message.InstallSnapshot install) {
            snapshots.send(install);
        } else {
            host.network().send(config.group(), message);
        }
    }
}
