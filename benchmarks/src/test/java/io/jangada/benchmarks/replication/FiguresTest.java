// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static Figures of(double perSecond, double p99Micros) {
        return new Figures(perSecond, 1, p99Micros, 2, 3);
    }

    @Test
    void lineTellsPointAndFigures() {
        Point point = new Point(256, 64);
        Figures figures = new Figures(1234.5, 10.25, 99.125, 7.5, 2820);
        assertThat(Figures.parse(figures.line(point)))
                .contains(new Figures.Told(point, figures));
    }

    @Test
    void otherLinesTellNothing() {
        assertThat(Figures.parse("Sofa-Middleware-Log: using the default logger of the console"))
                .isEmpty();
        assertThat(Figures.parse("figures 256 64 1.0")).isEmpty();
    }

    @Test
    void medianIsOfEachFigureByItself() {
        Figures median = Figures.median(List.of(of(10, 5), of(30, 1), of(20, 9)));
        assertThat(median).isEqualTo(of(20, 5));
    }

    @Test
    void medianOfTwoIsTheirMean() {
        assertThat(Figures.median(List.of(of(10, 4), of(30, 8)))).isEqualTo(of(20, 6));
    }
}
