// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Rows in a frame of characters, under headings in capitals that are centred; cells are aligned to the right.
 * Immutable.
 *
 * @param headings of the columns
 * @param rows each with a cell for every column
 */
public record Table(List<String> headings, List<List<String>> rows) {

    /**
     * The same, copied.
     *
     * @throws IllegalArgumentException if a row has another number of cells
     */
    public Table {
        headings = headings.stream().map(heading -> heading.toUpperCase(Locale.ROOT)).toList();
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != headings.size()) {
                throw new IllegalArgumentException(
                        row.size() + " cells under " + headings.size() + " headings");
            }
        }
    }

    /** Adds the table's lines. */
    void printTo(Lines lines) {
        List<Integer> widths = widths();
        String frame = frame(widths);
        lines.line(frame).line(line(headings, widths, Table::centred)).line(frame);
        rows.forEach(row -> lines.line(line(row, widths, Table::toTheRight)));
        lines.line(frame);
    }

    private List<Integer> widths() {
        var widths = new ArrayList<Integer>();
        for (int column = 0; column < headings.size(); column++) {
            int width = length(headings.get(column));
            for (List<String> row : rows) {
                width = Math.max(width, length(row.get(column)));
            }
            widths.add(width);
        }
        return widths;
    }

    private static String frame(List<Integer> widths) {
        return "+" + String.join("+", widths.stream().map(width -> "-".repeat(width + 2)).toList())
                + "+";
    }

    /** How a text fills a width. */
    private interface Alignment {
        String align(String text, int width);
    }

    private static String line(List<String> cells, List<Integer> widths, Alignment alignment) {
        var aligned = new ArrayList<>(Collections.nCopies(cells.size(), ""));
        for (int column = 0; column < cells.size(); column++) {
            aligned.set(column, alignment.align(cells.get(column), widths.get(column)));
        }
        return "| " + String.join(" | ", aligned) + " |";
    }

    private static String centred(String text, int width) {
        int gap = width - length(text);
        return " ".repeat(gap / 2) + text + " ".repeat(gap - gap / 2);
    }

    private static String toTheRight(String text, int width) {
        return " ".repeat(width - length(text)) + text;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
