// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Files for tests, and what is in them: rows by bucket, with bytes as ISO-8859-1. */
final class BoltFile {
    private BoltFile() {}

    static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    static void write(FileChannel file, NavigableMap<String, NavigableMap<String, String>> buckets)
            throws IOException {
        BoltWriter writer = new BoltWriter(file);
        for (var bucket : buckets.entrySet()) {
            writer.bucket(bucket.getKey());
            for (var row : bucket.getValue().entrySet()) {
                writer.put(bytes(row.getKey()), bytes(row.getValue()));
            }
        }
        writer.finish();
    }

    static NavigableMap<String, NavigableMap<String, String>> read(FileChannel file)
            throws IOException {
        return read(file, file.size());
    }

    static NavigableMap<String, NavigableMap<String, String>> read(FileChannel file, long bytes)
            throws IOException {
        NavigableMap<String, NavigableMap<String, String>> buckets = new TreeMap<>();
        BoltReader.open(file, bytes).read(new BoltVisitor() {
            private NavigableMap<String, String> rows = new TreeMap<>();

            @Override
            public void bucket(String name) {
                rows = new TreeMap<>();
                buckets.put(name, rows);
            }

            @Override
            public void row(ByteBuffer key, ByteBuffer value) {
                rows.put(text(key), text(value));
            }
        });
        return buckets;
    }

    static NavigableMap<String, String> rows(SplittableRandom random, int count, int keyBytesMax,
            int valueBytesMax) {
        TreeMap<String, String> rows = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            rows.put(text(random, 1 + random.nextInt(keyBytesMax)),
                    text(random, random.nextInt(valueBytesMax + 1)));
        }
        return rows;
    }

    private static String text(SplittableRandom random, int bytes) {
        byte[] text = new byte[bytes];
        random.nextBytes(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
