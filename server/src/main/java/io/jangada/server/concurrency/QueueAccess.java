// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import io.grpc.Context;
import io.jangada.mvcc.WatchHub;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.grpc.KvService;
import io.jangada.server.grpc.LeaseService;
import io.jangada.server.member.LocalMember;

/**
 * What the services of locks and elections work on. Immutable.
 *
 * @param member that is served
 * @param hub where they watch
 * @param watchLoop the hub's
 * @param kv by which places in queues are taken
 * @param leases that places belong to
 */
public record QueueAccess(LocalMember member, WatchHub hub, EventLoop watchLoop, KvService kv,
        LeaseService leases) {

    /** The member's services on behalf of whoever makes the call that is being started. */
    LocalKv here() {
        return new LocalKv(Context.current(), kv, leases);
    }
}
