// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void ratioIsTheFirstSystemsThroughputToTheOthers() {
        Table table = new Table();
        Point point = new Point(4096, 1024);
        table.add(ReplicationSystem.RATIS, point, new Figures(10_000, 1, 2_000, 3, 4));
        table.add(ReplicationSystem.JANGADA, point, new Figures(15_000, 1, 1_500, 3, 4_321));
        table.add(ReplicationSystem.JANGADA, point, new Figures(45_000, 1, 1_500, 3, 4_321));
        assertThat(table.text().lines().skip(2)).containsExactly(
                "| 4,096 | 1,024 | jangada | 30,000 | 1.00 | 0.00 | 1.50 | 3.0 | 4,321 |",
                "| 4,096 | 1,024 | ratis | 10,000 | 3.00 | 0.00 | 2.00 | 3.0 | 4 |");
    }
}
