// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window of appends under way: group O. */
final class InflightsTest {
    private static void add(Inflights inflights, int from, int to) {
        for (int i = from; i < to; i++) {
            inflights.add(i, 100 + i);
        }
    }

    private static void assertHolds(Inflights inflights, int count, long bytes) {
        assertThat(inflights.count()).isEqualTo(count);
        assertThat(inflights.bytes()).isEqualTo(bytes);
    }

    @Test
    @DisplayName("O1 counts appends and bytes")
    void o1Add() {
        var inflights = new Inflights(10, 0);
        add(inflights, 0, 5);
        assertHolds(inflights, 5, 510);
        add(inflights, 5, 10);
        assertHolds(inflights, 10, 1045);
        assertThat(inflights.isFull()).isTrue();
    }

    @Test
    @DisplayName("O1 counts the same when the ring wraps")
    void o1AddWrapped() {
        var inflights = new Inflights(10, 0);
        for (int i = 0; i < 6; i++) {
            inflights.add(-6 + i, 1);
        }
        inflights.freeTo(-2);
        add(inflights, 0, 5);
        inflights.freeTo(-1);
        assertHolds(inflights, 5, 510);
        add(inflights, 5, 10);
        assertHolds(inflights, 10, 1045);
        inflights.freeTo(8);
        assertHolds(inflights, 1, 109);
    }

    @Test
    @DisplayName("O2 acknowledgements free the oldest")
    void o2Free() {
        var inflights = new Inflights(10, 0);
        add(inflights, 0, 10);
        inflights.freeTo(0);
        assertHolds(inflights, 9, 945);
        inflights.freeTo(4);
        assertHolds(inflights, 5, 535);
        inflights.freeTo(8);
        assertHolds(inflights, 1, 109);
        add(inflights, 10, 15);
        inflights.freeTo(12);
        assertHolds(inflights, 2, 227);
        inflights.freeTo(14);
        assertHolds(inflights, 0, 0);
    }

    @Test
    @DisplayName("the limit in bytes is exceeded by the last append at most")
    void bytesAreLimitedSoftly() {
        var inflights = new Inflights(10, 100);
        inflights.add(1, 99);
        assertThat(inflights.isFull()).isFalse();
        inflights.add(2, 1000);
        assertThat(inflights.isFull()).isTrue();
        assertThatThrownBy(() -> inflights.add(3, 1)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @DisplayName("behaves as a queue whatever comes")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void behavesAsQueue(long seed) {
        var random = new Random(seed);
        int max = 1 + random.nextInt(40);
        var inflights = new Inflights(max, 0);
        var model = new ArrayDeque<Long>();
        long next = 1;
        for (int step = 0; step < 2_000; step++) {
            if (random.nextInt(3) > 0 && model.size() < max) {
                next += random.nextInt(3);
                inflights.add(next, next % 7);
                model.add(next);
            } else {
                long freed = next - random.nextInt(10);
                inflights.freeTo(freed);
                model.removeIf(index -> index <= freed);
            }
            assertHolds(inflights, model.size(),
                    model.stream().mapToLong(index -> index % 7).sum());
            assertThat(inflights.capacity()).isLessThanOrEqualTo(max);
        }
    }
}
