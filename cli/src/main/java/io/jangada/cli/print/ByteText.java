// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as text that loses none of them: UTF-8, in which each byte that belongs to no character is a low surrogate
 * alone, {@code U+DC00} and the byte. So keys and values that are no UTF-8 pass through arguments, which are text.
 */
public final class ByteText {
    private static final char LONE = '\uDC00';

    private ByteText() {}

    /** The text of {@code bytes}. */
    public static String decode(ByteString bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = bytes.asReadOnlyByteBuffer();
        CharBuffer out = CharBuffer.allocate(bytes.size());
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (LONE + (in.get() & 0xFF)));
            }
        }
    }

    /** The bytes of {@code text}: what {@link #decode} was given. */
    public static ByteString encode(String text) {
        if (text.chars().noneMatch(c -> isByte((char) c))) {
            return ByteString.copyFromUtf8(text);
        }
        ByteString.Output bytes = ByteString.newOutput(text.length());
        int position = 0;
        while (position < text.length()) {
            int character = text.codePointAt(position);
            position += Character.charCount(character);
            if (Character.isBmpCodePoint(character) && isByte((char) character)) {
                bytes.write(character - LONE);
            } else {
                byte[] utf8 = Character.toString(character).getBytes(StandardCharsets.UTF_8);
                bytes.write(utf8, 0, utf8.length);
            }
        }
        return bytes.toByteString();
    }

    /* A byte below 0x80 is always a character. The second half of a pair is no code point of its own. */
    private static boolean isByte(char c) {
        return c >= LONE + 0x80 && c <= LONE + 0xFF;
    }
}
