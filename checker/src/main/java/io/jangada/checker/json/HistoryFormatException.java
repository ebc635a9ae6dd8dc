// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

/** A line is none of a history. */
public final class HistoryFormatException extends Exception {
    private static final long serialVersionUID = 1;

    /** The number of the line, from 1 on. */
    private final long line;

    HistoryFormatException(long line, String why) {
        super("line " + line + ": " + why);
        this.line = line;
    }

    /** The number of the line, from 1 on. */
    public long line() {
        return line;
    }
}
