// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text as Go's formatting writes it, which etcdctl's output has. */
public final class GoText {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private GoText() {}

    /** In double quotes, with what is not printable as an escape (Go's %q). */
    public static String quoted(String text) {
        return quoted(ByteString.copyFromUtf8(text));
    }

    /** The same of bytes; those that are no UTF-8 are {@code \xNN}. */
    public static String quoted(ByteString bytes) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < bytes.size();) {
            int length = characterBytes(bytes, i);
            if (length == 0) {
                quoted.append(hexByte(bytes.byteAt(i)));
                i++;
            } else {
                appendEscaped(quoted,
                        bytes.substring(i, i + length).toStringUtf8().codePointAt(0));
                i += length;
            }
        }
        return quoted.append('"').toString();
    }

    /** Every byte as {@code \xNN}. */
    public static String hex(ByteString bytes) {
        var hex = new StringBuilder(4 * bytes.size());
        for (int i = 0; i < bytes.size(); i++) {
            hex.append(hexByte(bytes.byteAt(i)));
        }
        return hex.toString();
    }

    /** An identifier in hexadecimal without leading zeros. */
    public static String id(long id) {
        return Long.toHexString(id);
    }

    /** A lease in sixteen hexadecimal digits. */
    public static String lease(long id) {
        return String.format(Locale.ROOT, "%016x", id);
    }

    /** A size in decimal units: {@code 12 kB}, {@code 1.3 MB}; {@code bytes} is not negative. */
    public static String size(long bytes) {
        if (bytes < 10) {
            return bytes + " B";
        }
        int unit = 0;
        double value = bytes;
        while (value >= 1000 && unit < SIZES.length - 1) {
            value /= 1000;
            unit++;
        }
        double rounded = Math.floor(value * 10 + 0.5) / 10;
        return (rounded < 10
                ? String.format(Locale.ROOT, "%.1f", rounded)
                : Long.toString((long) Math.rint(rounded))) + " " + SIZES[unit];
    }

    /** A duration in its largest unit below a second, or in hours, minutes and seconds; not negative. */
    public static String duration(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return decimal(nanos, 3) + "µs";
        }
        if (nanos < NANOS_PER_SECOND) {
            return decimal(nanos, 6) + "ms";
        }
        long minutes = nanos / NANOS_PER_SECOND / 60;
        String seconds = decimal(nanos - minutes * 60 * NANOS_PER_SECOND, 9) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return (minutes < 60 ? "" : minutes / 60 + "h") + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long nanos, int digits) {
        BigDecimal value = BigDecimal.valueOf(nanos, digits).stripTrailingZeros();
        return value.toPlainString();
    }

    private static String hexByte(byte value) {
        return String.format(Locale.ROOT, "\\x%02x", value & 0xff);
    }

    /** How many bytes the character at {@code start} has; 0 if there is none. */
    private static int characterBytes(ByteString bytes, int start) {
        int first = bytes.byteAt(start) & 0xff;
        int length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (start + length > bytes.size()) {
            return 0;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(
                    ByteBuffer.wrap(bytes.substring(start, start + length).toByteArray()));
            return length;
        } catch (CharacterCodingException ignored) {
            return 0;
        }
    }

    private static void appendEscaped(StringBuilder quoted, int character) {
        switch (character) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case 0x07 -> quoted.append("\\a");
            case '\b' -> quoted.append("\\b");
            case '\f' -> quoted.append("\\f");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            case 0x0b -> quoted.append("\\v");
            default -> {
                if (isPrintable(character)) {
                    quoted.appendCodePoint(character);
                } else if (character < 0x80) {
                    quoted.append(hexByte((byte) character));
                } else {
                    quoted.append(String.format(Locale.ROOT,
                            character < 0x10000 ? "\\u%04x" : "\\U%08x", character));
                }
            }
        }
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE,
                    Character.UNASSIGNED, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }
}
