// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.mvcc.WatchHub;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.auth.AccessGuard;
import io.jangada.server.member.LocalMember;

/** The Watch service: each call is a stream of watchers on the watch loop. */
public final class WatchService extends WatchGrpc.WatchImplBase {
    private final LocalMember member;
    private final WatchHub hub;
    private final EventLoop loop;
    private final AccessGuard access;
    private final WatchStreams streams = new WatchStreams();

    /** Serves {@code member} from {@code hub}, which runs on {@code loop}, to those whom {@code access} lets. */
    public WatchService(LocalMember member, WatchHub hub, EventLoop loop, AccessGuard access) {
        this.member = member;
        this.hub = hub;
        this.loop = loop;
        this.access = access;
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> out) {
        WatchStream stream = new WatchStream(member, hub, loop,
                (ServerCallStreamObserver<WatchResponse>) out, access, streams);
        return stream.requests();
    }

    /** Ends the watchers whose callers may read their keys no longer. Any thread. */
    public void lookAgain() {
        loop.execute(() -> streams.all().forEach(WatchStream::lookAgain));
    }

    /** How many streams are open. Any thread. */
    public int streamCount() {
        return streams.count();
    }
}
