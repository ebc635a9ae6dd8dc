// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.raftnode.VirtualEventLoops;
import io.jangada.server.error.EtcdError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderGuardTest {
    private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(1);

    private final VirtualEventLoops loops = new VirtualEventLoops();
    private boolean hasLeader = true;
    private final LeaderGuard guard = new LeaderGuard(loops.loop("server", thrown -> {
        throw new AssertionError(thrown);
    }), () -> hasLeader, ELECTION_TIMEOUT);
    private final Call client = new Call();
    private int cancels;

    @Test
    void aStreamEndsAfterThreeElectionTimeoutsWithoutLeader() {
        ServerCall<WatchRequest, WatchResponse> served = open("true");
        hasLeader = false;
        loops.runFor(Duration.ofMillis(2_900));
        assertThat(client.closes).isEmpty();
        loops.runFor(Duration.ofMillis(1_100));
        assertThat(client.closes).containsExactly(EtcdError.NO_LEADER.status());
        assertThat(cancels).as("the service is told").isEqualTo(1);

        served.sendMessage(WatchResponse.getDefaultInstance());
        served.close(Status.OK, new Metadata());
        assertThat(client.messages).isZero();
        assertThat(client.closes).hasSize(1);
    }

    @Test
    void aLeaderInBetweenBeginsAnew() {
        open("true");
        for (int i = 0; i < 3; i++) {
            hasLeader = false;
            loops.runFor(Duration.ofMillis(2_500));
            hasLeader = true;
            loops.runFor(Duration.ofMillis(1_500));
        }
        assertThat(client.closes).isEmpty();
    }

    @Test
    void streamsThatDoNotAskForALeaderStay() {
        open("false");
        hasLeader = false;
        loops.runFor(Duration.ofSeconds(10));
        assertThat(client.closes).isEmpty();
    }

    @Test
    void withoutLeaderACallIsRefusedAtOnce() {
        hasLeader = false;
        open("true");
        assertThat(client.closes).containsExactly(EtcdError.NO_LEADER.status());
    }

    /** What the service gets to write to; the client itself where the guard stays out of it. */
    private ServerCall<WatchRequest, WatchResponse> open(String requires) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), requires);
        List<ServerCall<WatchRequest, WatchResponse>> served = new ArrayList<>();
        var unused = guard.interceptCall(client, headers, (call, ignored) -> {
            served.add(call);
            return new ServerCall.Listener<>() {
                @Override
                public void onCancel() {
                    cancels++;
                }
            };
        });
        return served.isEmpty() ? client : served.getFirst();
    }

    private static final class Call extends ServerCall<WatchRequest, WatchResponse> {
        private final List<Status> closes = new ArrayList<>();
        private int messages;

        @Override
        public void request(int messageCount) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(WatchResponse message) {
            messages++;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closes.add(status);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<WatchRequest, WatchResponse> getMethodDescriptor() {
            return WatchGrpc.getWatchMethod();
        }
    }
}
