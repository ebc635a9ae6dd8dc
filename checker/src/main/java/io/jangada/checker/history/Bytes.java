// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A string of bytes, ordered as unsigned bytes. Immutable. */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes("");

    /** One char a byte: the JDK stores, compares and hashes such strings as bytes. */
    private final String latin1;

    private Bytes(String latin1) {
        this.latin1 = latin1;
    }

    /** A copy of {@code bytes}. */
    public static Bytes of(byte[] bytes) {
        return bytes.length == 0
                ? EMPTY
                : new Bytes(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** The bytes of {@code text} in UTF-8. */
    public static Bytes utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes there are. */
    public int size() {
        return latin1.length();
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return latin1.isEmpty();
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The text that these bytes are in UTF-8, or nothing if they are none. */
    public Optional<String> text() {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(toByteArray())).toString());
        } catch (CharacterCodingException ignored) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(Bytes that) {
        return latin1.compareTo(that.latin1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && latin1.equals(that.latin1);
    }

    @Override
    public int hashCode() {
        return latin1.hashCode();
    }

    /** The text, with what is not printable ASCII as {@code \\xhh}. */
    @Override
    public String toString() {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < latin1.length(); i++) {
            char each = latin1.charAt(i);
            if (each >= ' ' && each < 0x7f && each != '\\') {
                shown.append(each);
            } else {
                shown.append("\\x").append(Character.forDigit(each >> 4, 16))
                        .append(Character.forDigit(each & 0xf, 16));
            }
        }
        return shown.toString();
    }
}
