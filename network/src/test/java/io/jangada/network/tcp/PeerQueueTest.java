// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Samples;
import io.jangada.network.codec.MessageCodec;
import io.jangada.network.tcp.PeerQueue.Queued;
import io.jangada.raft.model.Message;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerQueueTest {
    private final PeerQueue queue = new PeerQueue(
            TcpLimits.DEFAULTS.withQueue(new TcpLimits.Queue(8, 100, 16)));

    @Test
    void isBoundedInCount() {
        for (int i = 0; i < 8; i++) {
            assertThat(queue.offer(queued(i, 1))).isTrue();
        }
        assertThat(queue.offer(queued(8, 1))).isFalse();
        assertThat(queue.bytes()).isEqualTo(8);
        assertThat(queue.poll()).isEqualTo(queued(0, 1));
        assertThat(queue.offer(queued(9, 1))).isTrue();
    }

    @Test
    void isBoundedInBytes() {
        assertThat(queue.offer(queued(0, 60))).isTrue();
        assertThat(queue.offer(queued(1, 41))).isFalse();
        assertThat(queue.offer(queued(2, 40))).isTrue();
        assertThat(queue.poll()).isEqualTo(queued(0, 60));
        assertThat(queue.poll()).isEqualTo(queued(2, 40));
        assertThat(queue.poll()).isNull();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void takesOneMessageOfAnySizeWhenEmpty() {
        assertThat(queue.offer(queued(0, 1_000))).isTrue();
        assertThat(queue.offer(queued(1, 1))).isFalse();
    }

    @Test
    void urgentMessagesGoFirstAndEachLaneKeepsItsOrder() {
        for (int i = 0; i < 4; i++) {
            assertThat(queue.offer(queued(i, 1))).isTrue();
            assertThat(queue.offer(heartbeat(i))).isTrue();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(queue.poll()).isEqualTo(heartbeat(i));
        }
        assertThat(queue.poll()).isEqualTo(queued(0, 1));
        assertThat(queue.offer(heartbeat(4))).isTrue();
        assertThat(queue.poll()).isEqualTo(heartbeat(4));
        for (int i = 1; i < 4; i++) {
            assertThat(queue.poll()).isEqualTo(queued(i, 1));
        }
        assertThat(queue.poll()).isNull();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void urgentMessagesHaveABoundOfTheirOwn() {
        while (queue.offer(queued(0, 1))) {
            assertThat(queue.messages()).isLessThanOrEqualTo(8);
        }
        for (int i = 0; i < 16; i++) {
            assertThat(queue.offer(heartbeat(i))).isTrue();
        }
        assertThat(queue.offer(heartbeat(16))).isFalse();
        assertThat(queue.messages()).isEqualTo(8 + 16);
    }

    @Test
    void whatKeepsOrMakesALeaderIsUrgentAndSmall() {
        var urgent = Samples.messages().stream().filter(PeerQueue::isUrgent).toList();

        assertThat(urgent.stream().<Class<?>>map(Message::getClass).distinct())
                .containsExactlyInAnyOrder(Message.VoteRequest.class, Message.VoteResponse.class,
                        Message.PreVoteRequest.class, Message.PreVoteResponse.class,
                        Message.Heartbeat.class, Message.HeartbeatResponse.class,
                        Message.TimeoutNow.class);
        assertThat(urgent).allSatisfy(
                message -> assertThat(MessageCodec.encodedBytes(message)).isLessThan(100));
    }

    @Test
    void pausesDoubleUpToTheLimitAndStartAgain() {
        var times = new TcpLimits.Times(1, 1, 1, 20, 1_000, 1);
        var backoff = new Backoff(times, new Random(3));
        long limit = 20;
        for (int i = 0; i < 12; i++) {
            assertThat(backoff.nextMillis()).isBetween(limit / 2, limit);
            limit = Math.min(1_000, 2 * limit);
        }
        backoff.reset();
        assertThat(backoff.nextMillis()).isBetween(10L, 20L);
    }

    private static Queued heartbeat(long number) {
        var message = new Message.Heartbeat(1, 2, 1, number, 0);
        return new Queued(1, message, MessageCodec.encodedBytes(message));
    }

    private static Queued queued(long number, long bytes) {
        return new Queued(1, Samples.numbered(1, 2, number), bytes);
    }
}
