// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void refusesALoadThatCannotBeKept() {
        assertThat(plan(3, 1_000, 2_000).rate()).isEqualTo(1_000);
        assertThatThrownBy(() -> plan(3, 1_000, 2_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than the 2000000");
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThatThrownBy(() -> plan(0, 1, 1)).hasMessageContaining("members: 0");
        assertThatThrownBy(() -> plan(10, 1, 1)).hasMessageContaining("members: 10");
        assertThatThrownBy(() -> plan(3, 0, 1)).hasMessageContaining("rate: 0");
    }

    @Test
    void readsNamesOfFaults() {
        assertThat(FaultKind.parse("kill-all, disk"))
                .containsExactlyInAnyOrder(FaultKind.KILL_ALL, FaultKind.DISK);
        assertThatThrownBy(() -> FaultKind.parse("kill,flood"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no such fault: \"flood\"");
    }

    private static Plan plan(int members, int rate, int seconds) {
        return new Plan(List.of("etcd"), Path.of("none"), members, Duration.ofSeconds(seconds),
                Set.of(), 1, 8, rate, 20);
    }
}
