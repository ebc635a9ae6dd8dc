// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

/** A file that is not a sequence of cases. */
final class MalformedTraceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    /**
     * With the reason.
     *
     * @param line where in the file, counted from 1
     */
    MalformedTraceException(int line, String why) {
        super(why);
        this.line = line;
    }

    int line() {
        return line;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
