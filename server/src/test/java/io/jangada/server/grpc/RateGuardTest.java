// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.server.config.ClientLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many requests pass, by a clock of the test's. */
class RateGuardTest {
    private long nanos = Long.MAX_VALUE - 5; // It runs over.
    private final RateGuard guard = new RateGuard(new ClientLimits(1, 1, 1, Duration.ZERO, 0, 4,
            Map.of("Range", 6)), () -> nanos);

    private int passing(String user, String method, int attempts) {
        int passed = 0;
        for (int i = 0; i < attempts; i++) {
            passed += guard.passes(user, method) ? 1 : 0;
        }
        return passed;
    }

    @Test
    void aSecondsWorthPassesAtOnceAndThenAsTimeGoesBy() {
        assertThat(passing("u", "Put", 100)).isEqualTo(4);
        nanos += Duration.ofMillis(500).toNanos();
        assertThat(passing("u", "Put", 100)).isEqualTo(2);
        nanos += Duration.ofSeconds(100).toNanos();
        assertThat(passing("u", "Put", 100)).isEqualTo(4);
    }

    @Test
    void usersHaveRatesOfTheirOwnAndShareThatOfAMethod() {
        assertThat(passing("u", "Range", 100)).isEqualTo(4);
        assertThat(passing("v", "Range", 100)).isEqualTo(2);
        assertThat(passing("v", "Put", 100)).isEqualTo(2);
    }

    @Test
    void onlySoManyUsersAreToldApart() {
        assertThat(passing("first", "Put", 5)).isEqualTo(4);
        for (int i = 0; i <= RateGuard.USERS_MAX; i++) {
            assertThat(guard.passes("user " + i, "Put")).isTrue();
        }
        assertThat(guard.passes("first", "Put")).isTrue();
    }
}
