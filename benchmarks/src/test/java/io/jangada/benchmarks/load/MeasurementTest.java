// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.jangada.benchmarks.load.Measurement.CountedBy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    @Test
    void closedLoopCountsWhatCompletesInTheWindow() {
        var measurement = new Measurement(CountedBy.COMPLETION);
        measurement.open(1_000_000, 2_000_000);
        measurement.completed(0, 999_999, Status.OK);
        measurement.completed(0, 1_000_000, Status.OK);
        measurement.completed(1_500_000, 2_000_000, Status.OK);
        assertThat(measurement.latencyMicros().getTotalCount()).isEqualTo(1);
    }

    @Test
    void openLoopCountsALateAnswerToARequestThatWasDueInTheWindow() {
        var measurement = new Measurement(CountedBy.START);
        measurement.open(1_000_000, 2_000_000);
        measurement.completed(999_999, 1_500_000, Status.OK);
        measurement.completed(1_000_000, 9_000_000, Status.OK);
        var latencyMicros = measurement.latencyMicros();
        assertThat(latencyMicros.getTotalCount()).isEqualTo(1);
        assertThat(latencyMicros.getMaxValue()).isBetween(8_000L, 8_007L);
    }

    @Test
    void failuresAreCountedByCodeAndHaveNoLatency() {
        var measurement = new Measurement(CountedBy.COMPLETION);
        measurement.open(0, 100);
        measurement.completed(0, 50, Status.UNAVAILABLE.withDescription("away"));
        measurement.completed(0, 60, Status.UNAVAILABLE);
        measurement.completed(0, 70, Status.DEADLINE_EXCEEDED);
        assertThat(measurement.errors())
                .isEqualTo(Map.of("UNAVAILABLE", 2L, "DEADLINE_EXCEEDED", 1L));
        assertThat(measurement.latencyMicros().getTotalCount()).isZero();
    }

    @Test
    void nothingCountsBeforeTheWindowIsOpened() {
        var measurement = new Measurement(CountedBy.COMPLETION);
        measurement.completed(1, 2, Status.OK);
        assertThat(measurement.latencyMicros().getTotalCount()).isZero();
    }
}
