// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.raft.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Quotes bytes as the traces do. */
final class Quote {
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\"\\";
    private static final String LETTERS = "abfnrtv\"\\";

    private Quote() {}

    static String quote(Bytes data) {
        byte[] bytes = data.toByteArray();
        var text = new StringBuilder("\"");
        int at = 0;
        while (at < bytes.length) {
            int length = runeLength(bytes, at);
            if (length == 0) {
                text.append(escaped('x', 2, bytes[at] & 0xFF));
                at++;
            } else {
                append(text, new String(bytes, at, length, StandardCharsets.UTF_8).codePointAt(0));
                at += length;
            }
        }
        return text.append('"').toString();
    }

    /** How many bytes the character at {@code at} has; 0 if there is none. */
    private static int runeLength(byte[] bytes, int at) {
        for (int length = 1; length <= 4 && at + length <= bytes.length; length++) {
            byte[] part = Arrays.copyOfRange(bytes, at, at + length);
            String decoded = new String(part, StandardCharsets.UTF_8);
            if (decoded.codePointCount(0, decoded.length()) == 1
                    && Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), part)) {
                return length;
            }
        }
        return 0;
    }

    private static void append(StringBuilder text, int rune) {
        int letter = rune < 128 ? ESCAPED.indexOf(rune) : -1;
        if (letter >= 0) {
            text.append('\\').append(LETTERS.charAt(letter));
        } else if (rune < ' ' || rune == 0x7F) {
            text.append(escaped('x', 2, rune));
        } else if (isPrintable(rune)) {
            text.appendCodePoint(rune);
        } else {
            text.append(rune < 0x10000 ? escaped('u', 4, rune) : escaped('U', 8, rune));
        }
    }

    private static boolean isPrintable(int rune) {
        return rune == ' ' || switch (Character.getType(rune)) {
            case Character.UNASSIGNED, Character.CONTROL, Character.FORMAT, Character.SURROGATE,
                    Character.PRIVATE_USE, Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    private static String escaped(char kind, int digits, int value) {
        String hex = Integer.toHexString(value);
        return "\\" + kind + "0".repeat(digits - hex.length()) + hex;
    }
}
