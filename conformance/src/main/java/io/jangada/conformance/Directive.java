// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

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

    /**
     * Takes {@code written} apart.
     *
     * @throws MalformedTraceException if a parenthesis is not closed
     */
    static Directive parse(int line, String written, String input, String expected)
            throws MalformedTraceException {
        String text = written.strip();
        int space = text.indexOf(' ');
        String command = space < 0 ? text : text.substring(0, space);
        String rest = space < 0 ? "" : text.substring(space + 1);
        return new Directive(line, text, command, arguments(line, rest), input, expected);
    }

    private static List<Argument> arguments(int line, String text) throws MalformedTraceException {
        var arguments = new ArrayList<Argument>();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ' ') {
                at++;
                continue;
            }
            int end = endOfWord(text, at);
            if (end < 0) {
                throw new MalformedTraceException(line, "parenthesis not closed: "
                        + text.substring(at));
            }
            arguments.add(argument(text.substring(at, end)));
            at = end;
        }
        return arguments;
    }

    /** A space within the parentheses of a value does not end a word; -1 if they are not closed. */
    private static int endOfWord(String text, int start) {
        int space = text.indexOf(' ', start);
        int end = space < 0 ? text.length() : space;
        int list = text.indexOf("=(", start);
        if (list < 0 || list > end) {
            return end;
        }
        int depth = 0;
        for (int at = list + 1; at < text.length(); at++) {
            char c = text.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return at + 1;
            }
        }
        return -1;
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

    /** The word at {@code position}, counted from 0. */
    Argument argument(int position) {
        if (position >= arguments.size()) {
            throw new IllegalArgumentException("arguments are " + arguments.size()
                    + ", must be at least " + (position + 1));
        }
        return arguments.get(position);
    }

    /** The number that is the word at {@code position}, counted from 0. */
    int number(int position) {
        return integer(argument(position).key());
    }

    /** The numbers among the words, in order. */
    List<Integer> numbers() {
        return arguments.stream().filter(each -> each.values().isEmpty())
                .map(each -> integer(each.key())).toList();
    }

    private static int integer(String text) {
        return Math.toIntExact(id(text));
    }

    /** The number that {@code text} is. */
    static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException ignored) {
            throw new IllegalArgumentException("not a number: " + text);
        }
    }

    /** The values of {@code key}, if it is given. */
    Optional<List<String>> values(String key) {
        return arguments.stream().filter(each -> each.key().equals(key)).findFirst()
                .map(Argument::values);
    }

    /** The values of {@code key} as numbers; none if it is not given. */
    List<Long> ids(String key) {
        return values(key).orElse(List.of()).stream().map(Directive::id).toList();
    }

    /** The only value of {@code key}, if it is given. */
    Optional<String> value(String key) {
        return values(key).map(values -> {
            if (values.size() != 1) {
                throw new IllegalArgumentException(
                        "values of " + key + " are " + values.size() + ", must be 1");
            }
            return values.getFirst();
        });
    }

    /** The number that is the only value of {@code key}, or {@code otherwise} if it is not given. */
    long number(String key, long otherwise) {
        return value(key).map(Directive::id).orElse(otherwise);
    }

    /** The number that is the only value of {@code key}. */
    int number(String key) {
        return value(key).map(Directive::integer).orElseThrow(
                () -> new IllegalArgumentException(key + " is missing"));
    }

    /** Whether {@code key=true} is given. */
    boolean isTrue(String key) {
        return switch (value(key).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(key + " is neither true nor false");
        };
    }
}
