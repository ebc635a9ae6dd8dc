// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerUsageTest {
    @Test
    void readsTimesBehindANameWithBlanksAndParentheses() {
        String stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 7 20 0 9 0 100 1000 200";
        assertThat(ServerUsage.cpuMicros(stat)).isEqualTo(3_000_000);
    }

    @Test
    void readsResidentMemoryInBytes() {
        assertThat(ServerUsage.residentBytes("Name:\tetcd\nVmHWM:\t  9000 kB\nVmRSS:\t  2048 kB\n"))
                .isEqualTo(2 * 1024 * 1024);
    }

    @Test
    void aProcessWithoutMemoryHasNone() {
        assertThat(ServerUsage.residentBytes("Name:\tetcd\nState:\tZ (zombie)\n")).isZero();
    }
}
