// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedTableTest {
    @Test
    void headingsAreCentredAndCellsAreAtTheRight() {
        var lines = new Lines(false);
        new Table(List.of("id", "status", "a"),
                List.of(List.of("ddd67b31", "started", "é"), List.of("1", "", "xyz")))
                .printTo(lines);
        assertThat(lines).hasToString("""
                +----------+---------+-----+
                |    ID    | STATUS  |  A  |
                +----------+---------+-----+
                | ddd67b31 | started |   é |
                |        1 |         | xyz |
                +----------+---------+-----+
                """);
    }

    @Test
    void everyRowHasACellForEachHeading() {
        assertThatThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 cells under 2 headings");
    }
}
