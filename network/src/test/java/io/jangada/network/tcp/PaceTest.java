// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void whoeverComesTooEarlyWaitsForAllBefore() {
        var pace = new Pace(1_000);
        long now = -5 * SECOND;

        assertThat(pace.reserve(now, 500)).isZero();
        assertThat(pace.reserve(now, 1_000)).isEqualTo(SECOND / 2);
        assertThat(pace.reserve(now, 1)).isEqualTo(SECOND / 2 + SECOND);
        assertThat(pace.reserve(now + SECOND, 1))
                .isEqualTo(SECOND / 2 + SECOND / 1_000);
    }

    @Test
    void timeThatNobodyTookIsNotMadeUpFor() {
        var pace = new Pace(1_000);
        assertThat(pace.reserve(0, 1_000)).isZero();

        assertThat(pace.reserve(100 * SECOND, 1_000)).isZero();
        assertThat(pace.reserve(100 * SECOND, 1_000)).isEqualTo(SECOND);
    }

    @Test
    void withoutALimitNobodyWaits() {
        var pace = new Pace(0);
        for (int i = 0; i < 10; i++) {
            assertThat(pace.reserve(0, Integer.MAX_VALUE)).isZero();
        }
    }

    @Test
    void aRateAtWhichTransfersWouldStallIsRefused() {
        TcpLimits.Snapshots snapshots = TcpLimits.DEFAULTS.snapshots();
        assertThatThrownBy(() -> TcpLimits.DEFAULTS
                .withSnapshots(snapshots.withBytesPerSecondMax(10_000)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("10000");
        assertThatThrownBy(() -> TcpLimits.DEFAULTS
                .withSnapshots(snapshots.withBytesPerSecondMax(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TcpLimits.DEFAULTS.withSnapshots(snapshots.withBytesPerSecondMax(1 << 20))
                .snapshots().bytesPerSecondMax()).isEqualTo(1 << 20);
    }
}
