// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens at the bounds of {@link RocksLimits}. */
final class RocksLimitsTest {
    private static final int VALUE_BYTES = 256 << 10;

    @TempDir
    private Path folder;

    @Test
    void writesBeyondTheirBuffersAreFlushed() throws IOException {
        Path directory = folder.resolve("db");
        Random random = new Random(1);
        try (RocksBackend backend = RocksBackend.open(directory,
                new RocksLimits(1 << 20, 1 << 20, 16, 1, 1 << 20))) {
            write(backend, random, 1);
            assertThat(tables(directory)).as("the buffers hold this").isZero();
            write(backend, random, 60);
        }
        assertThat(tables(directory)).isPositive();
    }

    private static void write(RocksBackend backend, Random random, int count) {
        byte[] value = new byte[VALUE_BYTES];
        for (int i = 0; i < count; i++) {
            random.nextBytes(value);
            Batch batch = new Batch();
            batch.put(Table.CURRENT, ByteString.copyFromUtf8("key" + i),
                    ByteString.copyFrom(value));
            backend.write(batch);
        }
    }

    private static long tables(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".sst")).count();
        }
    }

    @Test
    void limitsThatLeaveNoRoomAreRefused() {
        assertThatThrownBy(() -> new RocksLimits(1 << 20, 1, 16, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write buffers 1 bytes");
    }
}
