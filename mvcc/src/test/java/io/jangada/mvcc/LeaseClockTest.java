// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaseClockTest {
    private static final long SECOND = 1_000_000_000L;

    private final LeaseClock clock = new LeaseClock(3 * SECOND);

    @Test
    void expiresInOrderOfDeadlinesAndNoMoreThanAsked() {
        clock.promote(List.of(), 0, 0);
        clock.granted(1, 30, 0);
        clock.granted(2, 10, 0);
        clock.granted(3, 20, 0);
        assertThat(clock.nextDeadlineNanos()).hasValue(10 * SECOND);
        assertThat(clock.expired(10 * SECOND - 1, 10)).isEmpty();
        assertThat(clock.expired(60 * SECOND, 2)).containsExactly(2L, 3L);
        assertThat(clock.expired(60 * SECOND, 2)).containsExactly(1L);
        assertThat(clock.expired(60 * SECOND, 2)).isEmpty();
    }

    @Test
    void renewalStartsTheTimeAnew() {
        clock.promote(List.of(), 0, 0);
        clock.granted(1, 10, 0);
        assertThat(clock.renew(1, 9 * SECOND)).hasValue(10);
        assertThat(clock.expired(18 * SECOND, 10)).isEmpty();
        assertThat(clock.remainingNanos(1, 18 * SECOND)).hasValue(SECOND);
        assertThat(clock.expired(19 * SECOND, 10)).containsExactly(1L);
    }

    @Test
    void reportedLeaseCannotBeRenewedAndIsReportedAgainUntilRevoked() {
        clock.promote(List.of(), 0, 0);
        clock.granted(1, 10, 0);
        assertThat(clock.expired(10 * SECOND, 10)).containsExactly(1L);
        assertThat(clock.renew(1, 10 * SECOND)).isEmpty();
        assertThat(clock.remainingNanos(1, 10 * SECOND)).hasValue(0);
        assertThat(clock.expired(13 * SECOND - 1, 10)).isEmpty();
        assertThat(clock.expired(13 * SECOND, 10)).containsExactly(1L);
        clock.revoked(1);
        assertThat(clock.expired(60 * SECOND, 10)).isEmpty();
        assertThat(clock.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void newLeaderExtendsWhatWasLeftAtTheCheckpoint() {
        clock.promote(List.of(new Lease(1, 100, 0), new Lease(2, 100, 40)), 5 * SECOND, SECOND);
        assertThat(clock.remainingNanos(1, 5 * SECOND)).hasValue(101 * SECOND);
        assertThat(clock.remainingNanos(2, 5 * SECOND)).hasValue(41 * SECOND);
        assertThat(clock.renew(2, 5 * SECOND)).hasValue(100);
        assertThat(clock.remainingNanos(2, 5 * SECOND)).hasValue(100 * SECOND);
    }

    @Test
    void knowsNothingUnlessItLeads() {
        clock.granted(1, 10, 0);
        assertThat(clock.renew(1, 0)).isEmpty();
        clock.promote(List.of(new Lease(1, 10, 0)), 0, 0);
        assertThat(clock.isLeading()).isTrue();
        clock.demote();
        assertThat(clock.remainingNanos(1, 0)).isEmpty();
        assertThat(clock.expired(60 * SECOND, 10)).isEmpty();
    }
}
