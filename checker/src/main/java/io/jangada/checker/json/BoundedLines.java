// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/** The lines of a text, none longer than a bound. Belongs to one thread. */
final class BoundedLines {
    private static final int BUFFER_CHARS = 1 << 16;

    private final Reader in;
    private final int lineCharsMax;
    private final char[] buffer = new char[BUFFER_CHARS];
    private int start;
    private int end;

    BoundedLines(Reader in, int lineCharsMax) {
        this.in = in;
        this.lineCharsMax = lineCharsMax;
    }

    /** The next line without its end, or nothing after the last. */
    Optional<String> next() throws IOException, BadFieldException {
        StringBuilder line = new StringBuilder();
        boolean isAny = false;
        while (fill()) {
            isAny = true;
            int at = start;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            if (line.length() + (at - start) > lineCharsMax) {
                throw new BadFieldException("longer than " + lineCharsMax + " chars");
            }
            line.append(buffer, start, at - start);
            boolean isWhole = at < end;
            start = isWhole ? at + 1 : at;
            if (isWhole) {
                break;
            }
        }
        return isAny ? Optional.of(line.toString()) : Optional.empty();
    }

    private boolean fill() throws IOException {
        if (start == end) {
            start = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return start < end;
    }
}
