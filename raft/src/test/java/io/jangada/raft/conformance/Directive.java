// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One case of a file: a command, what it is given and what it must print.
 *
 * @param line where the command stands in its file, counted from 1
 * @param text the command line as written
 * @param command the first word
 * @param arguments the other words
 * @param input the lines before the separator
 * @param expected the lines after it, each ended
 */
record Directive(int line, String text, String command, List<Argument> arguments, String input,
        String expected) {

    /**
     * A word of a command line.
     *
     * @param word as written
     * @param key what stands before the sign of equality, or everything
     * @param values what stands behind
     */
    record Argument(String word, String key, List<String> values) {
        Argument {
            values = List.copyOf(values);
        }
    }

    Directive {
        arguments = List.copyOf(arguments);
    }

    static Directive parse(int line, String written, String input, String expected) {
        String text = written.strip();
        int space = text.indexOf(' ');
        String command = space < 0 ? text : text.substring(0, space);
        String rest = space < 0 ? "" : text.substring(space + 1);
        return new Directive(line, text, command, arguments(rest), input, expected);
    }

    private static List<Argument> arguments(String text) {
        var arguments = new ArrayList<Argument>();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ' ') {
                at++;
                continue;
            }
            int end = endOfWord(text, at);
            arguments.add(argument(text.substring(at, end)));
            at = end;
        }
        return arguments;
    }

    /** A space within parentheses does not end a word. */
    private static int endOfWord(String text, int start) {
        int depth = 0;
        for (int at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean inValue = text.substring(start, at).indexOf('=') >= 0;
            if (c == '(' && inValue) {
                depth++;
            } else if (c == ')' && inValue) {
                depth--;
            } else if (c == ' ' && depth <= 0) {
                return at;
            }
        }
        return text.length();
    }

    private static Argument argument(String word) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            return new Argument(word, word, List.of());
        }
        String key = word.substring(0, equals);
        String value = word.substring(equals + 1);
        boolean several = value.startsWith("(") && value.endsWith(")");
        return new Argument(word, key,
                several ? split(value.substring(1, value.length() - 1)) : List.of(value));
    }

    private static List<String> split(String values) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < values.length(); at++) {
            char c = values.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(values.substring(start, at).strip());
                start = at + 1;
            }
        }
        if (!values.isBlank()) {
            parts.add(values.substring(start).strip());
        }
        return parts;
    }

    /** The numbers among the words, in order. */
    List<Integer> numbers() {
        return arguments.stream().filter(each -> each.values().isEmpty())
                .map(each -> Integer.parseInt(each.key())).toList();
    }

    /** The values of {@code key}, if it is given. */
    Optional<List<String>> values(String key) {
        return arguments.stream().filter(each -> each.key().equals(key)).findFirst()
                .map(Argument::values);
    }

    /** The only value of {@code key}, or {@code otherwise} if it is not given. */
    String value(String key, String otherwise) {
        return values(key).map(List::getFirst).orElse(otherwise);
    }

    /** Whether {@code key=true} is given. */
    boolean isTrue(String key) {
        return Boolean.parseBoolean(value(key, "false"));
    }
}
