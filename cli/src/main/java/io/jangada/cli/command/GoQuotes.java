// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import com.google.protobuf.ByteString;
import io.jangada.cli.print.ByteText;
import java.util.Optional;

/** Texts in quotes as Go reads them: {@code "..."} with escapes, or {@code `...`} as it is. */
final class GoQuotes {
    private static final String PLAIN_ESCAPES = "abfnrtv\\\"'";
    private static final String PLAIN_CHARACTERS = "\u0007\b\f\n\r\t\u000b\\\"'";

    private GoQuotes() {}

    /** The index after the quoted text that begins at {@code start}; 0 if it does not end. */
    static int end(String text, int start) {
        char quote = text.charAt(start);
        if (quote == '`') {
            return text.indexOf('`', start + 1) + 1;
        }
        for (int i = start + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            }
        }
        return 0;
    }

    /** What stands in the quotes; empty if an escape is none of Go's; bytes that are no UTF-8 as {@link ByteText} has them. */
    static Optional<String> unquoted(String quoted) {
        return bytes(quoted).map(ByteText::decode);
    }

    /** The same as bytes, which need not be UTF-8. */
    static Optional<ByteString> bytes(String quoted) {
        String inner = quoted.substring(1, quoted.length() - 1);
        if (quoted.startsWith("`")) {
            return Optional.of(ByteString.copyFromUtf8(inner));
        }
        try {
            return Optional.of(unescaped(inner));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException ignored) {
            return Optional.empty();
        }
    }

    private static ByteString unescaped(String text) {
        ByteString.Output bytes = ByteString.newOutput();
        int position = 0;
        while (position < text.length()) {
            int character = text.codePointAt(position);
            position += Character.charCount(character);
            if (character == '\\') {
                position = escape(text, position, bytes);
            } else {
                add(bytes, character);
            }
        }
        return bytes.toByteString();
    }

    /** Adds the escape whose letter is at {@code position}; returns the index after it. */
    private static int escape(String text, int position, ByteString.Output bytes) {
        char letter = text.charAt(position);
        int plain = PLAIN_ESCAPES.indexOf(letter);
        if (plain >= 0) {
            add(bytes, PLAIN_CHARACTERS.charAt(plain));
            return position + 1;
        }
        return switch (letter) {
            case 'x' -> {
                bytes.write(Integer.parseInt(text.substring(position + 1, position + 3), 16));
                yield position + 3;
            }
            case 'u' -> {
                add(bytes, Integer.parseInt(text.substring(position + 1, position + 5), 16));
                yield position + 5;
            }
            case 'U' -> {
                add(bytes, Integer.parseInt(text.substring(position + 1, position + 9), 16));
                yield position + 9;
            }
            default -> {
                bytes.write(Integer.parseInt(text.substring(position, position + 3), 8));
                yield position + 3;
            }
        };
    }

    private static void add(ByteString.Output bytes, int character) {
        byte[] utf8 = ByteString.copyFromUtf8(Character.toString(character)).toByteArray();
        bytes.write(utf8, 0, utf8.length);
    }
}
