// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Words of a line, as etcdctl splits it: at blanks, except in double quotes, where escapes are Go's, and in single
 * quotes, where there are none. Quotes count at the beginning of a word only.
 */
final class Words {
    private Words() {}

    /** The words of {@code line}. */
    static List<String> of(String line) {
        var words = new ArrayList<String>();
        int position = 0;
        while (position < line.length()) {
            char first = line.charAt(position);
            if (Character.isWhitespace(first)) {
                position++;
                continue;
            }
            int end = first == '"'
                    ? GoQuotes.end(line, position)
                    : first == '\'' ? line.indexOf('\'', position + 1) + 1 : 0;
            if (end > 0) {
                words.add(unquoted(line.substring(position, end)));
            } else {
                end = endOfPlain(line, position);
                words.add(line.substring(position, end));
            }
            position = end;
        }
        return words;
    }

    /** What stands in the quotes; with escapes that are none, the text as it is. */
    private static String unquoted(String quoted) {
        return quoted.startsWith("'")
                ? quoted.substring(1, quoted.length() - 1)
                : GoQuotes.unquoted(quoted).orElse(quoted);
    }

    private static int endOfPlain(String line, int start) {
        int end = start;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return end;
    }
}
