// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.mvcc.WatchHub;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.answer.LongAnswers;
import io.jangada.server.auth.AccessGuard;
import io.jangada.server.member.LocalMember;
import java.util.Optional;

/** The Watch service: each call is a stream of watchers on the watch loop. */
public final class WatchService extends WatchGrpc.WatchImplBase {
    /** The part of the memory for answers that events may take besides. */
    private static final int MEMORY_PART = 2;

    private final LocalMember member;
    private final WatchHub hub;
    private final EventLoop loop;
    private final AccessGuard access;
    private final WatchStreams streams = new WatchStreams();
    private final WatchMemory memory;
    private final LongAnswers answers;

    /**
     * Serves {@code member} from {@code hub}, which runs on {@code loop}, to those whom {@code access} lets.
     *
     * @param answers knows how a client port ends a stream at once
     */
    public WatchService(LocalMember member, WatchHub hub, EventLoop loop, AccessGuard access,
            LongAnswers answers) {
        this.answers = answers;
        this.memory = new WatchMemory(loop,
                member.config().limits().responseBytesMax() / MEMORY_PART);
        this.member = member;
        this.hub = hub;
        this.loop = loop;
        this.access = access;
        notifyLater();
    }

    /* One timer for all: one of each stream would keep it in memory long after its end. */
    private void notifyLater() {
        var ignored = loop.schedule(() -> {
            streams.all().forEach(WatchStream::notifyProgress);
            notifyLater();
        }, member.config().watchProgressNotifyInterval().toNanos());
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> out) {
        WatchStream stream = new WatchStream(member, hub, loop,
                (ServerCallStreamObserver<WatchResponse>) out, access, streams, memory,
                LongAnswers.arePossible() ? Optional.of(answers.reset()) : Optional.empty());
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
