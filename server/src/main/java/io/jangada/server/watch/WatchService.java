// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.mvcc.WatchHub;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.member.LocalMember;

/** The Watch service: each call is a stream of watchers on the watch loop. */
public final class WatchService extends WatchGrpc.WatchImplBase {
    private final LocalMember member;
    private final WatchHub hub;
    private final EventLoop loop;

    /** Serves {@code member} from {@code hub}, which runs on {@code loop}. */
    public WatchService(LocalMember member, WatchHub hub, EventLoop loop) {
        this.member = member;
        this.hub = hub;
        this.loop = loop;
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> out) {
        WatchStream stream = new WatchStream(member, hub, loop,
                (ServerCallStreamObserver<WatchResponse>) out);
        return stream.requests();
    }
}
