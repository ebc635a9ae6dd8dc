// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.jangada.cli.print.ByteText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program's arguments as the bytes that it was given. The JVM reads them by the locale: where there is none, as
 * under cron or in a container, whatever is not ASCII would become question marks, and a key another key. Where the
 * system tells them (Linux), they are UTF-8 here whatever the locale is, and other bytes are kept
 * ({@link ByteText}).
 */
final class RawArguments {
    private static final Path TOLD = Path.of("/proc/self/cmdline");

    private RawArguments() {}

    /** The arguments that the JVM read as {@code args}. */
    static String[] of(String[] args) {
        if (Arrays.stream(args).allMatch(RawArguments::isAscii)) {
            return args;
        }
        try {
            return of(args, Files.readAllBytes(TOLD));
        } catch (IOException ignored) { // Not Linux: the locale's reading is all there is.
            return args;
        }
    }

    /** The same from {@code commandLine}, the JVM's and its arguments, each with a zero byte behind it. */
    static String[] of(String[] args, byte[] commandLine) {
        List<ByteString> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                all.add(ByteString.copyFrom(commandLine, start, i - start));
                start = i + 1;
            }
        }
        if (all.size() < args.length) {
            return args;
        }
        String[] raw = all.subList(all.size() - args.length, all.size()).stream()
                .map(ByteText::decode).toArray(String[]::new);
        for (int i = 0; i < raw.length; i++) {
            if (isAscii(args[i]) && !raw[i].equals(args[i])) {
                return args; // Another program's way to pass arguments.
            }
        }
        return raw;
    }

    private static boolean isAscii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }
}
