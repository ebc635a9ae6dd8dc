// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import java.io.PrintStream;

/** Shows answers on a stream in one format. Used by one thread at a time. */
public final class Printer {
    private final Format format;
    private final boolean hex;
    private final PrintStream out;

    /**
     * Shows on {@code out}.
     *
     * @param hex whether the simple format has keys and values as {@code \xNN}
     */
    public Printer(Format format, boolean hex, PrintStream out) {
        this.format = format;
        this.hex = hex;
        this.out = out;
    }

    /** The format. */
    public Format format() {
        return format;
    }

    /**
     * Shows all of {@code answer}, or nothing.
     *
     * @throws CommandFailure if it cannot be shown in this format
     */
    public void print(Answer answer) {
        var lines = new Lines(hex);
        switch (format) {
            case SIMPLE -> answer.simple(lines);
            case JSON -> lines.line(GoJson.text(answer.json()));
            case FIELDS -> answer.fields(lines);
            case TABLE -> answer.table().printTo(lines);
        }
        lines.writeTo(out);
    }

    /** Says {@code text} on a line of its own, whatever the format. */
    public void say(String text) {
        new Lines(hex).line(text).writeTo(out);
    }
}
