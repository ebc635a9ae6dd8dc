// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowDiskTest {
    private long forcingNanos;
    private final List<Long> told = new ArrayList<>();
    private final SlowDisk disk = new SlowDisk(() -> forcingNanos, told::add);

    private void look(long nanos) {
        forcingNanos = nanos;
        disk.look();
    }

    @Test
    void aForceThatHangsIsToldWhileItHangsAndOnce() {
        look(0);
        look(SlowDisk.SLOW_NANOS - 1);
        assertThat(told).isEmpty();
        look(SlowDisk.SLOW_NANOS);
        look(10 * SlowDisk.SLOW_NANOS);
        assertThat(told).containsExactly(SlowDisk.SLOW_NANOS);
    }

    @Test
    void theNextSlowForceIsToldAgain() {
        look(SlowDisk.SLOW_NANOS);
        look(0);
        look(2 * SlowDisk.SLOW_NANOS);
        assertThat(told).containsExactly(SlowDisk.SLOW_NANOS, 2 * SlowDisk.SLOW_NANOS);
    }
}
