// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Samples;
import io.jangada.network.tcp.PeerQueue.Queued;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerQueueTest {
    private final PeerQueue queue = new PeerQueue(new TcpLimits(1 << 20, 8, 100, 1,
            TcpLimits.DEFAULTS.snapshots(), TcpLimits.DEFAULTS.times()));

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

    private static Queued queued(long number, long bytes) {
        return new Queued(1, Samples.numbered(1, 2, number), bytes);
    }
}
