// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However many rows there are, the writer holds few of them. */
class BoltMemoryTest {
    private static final int ROWS = 200_000;
    private static final int VALUE_BYTES = 200;
    private static final int HELD_BYTES_MAX = 96 << 10;

    @Test
    void whatIsPutIsSoonInTheFile(@TempDir Path folder) throws IOException {
        byte[] value = new byte[VALUE_BYTES];
        try (FileChannel file = BoltFile.open(folder.resolve("db"))) {
            BoltWriter writer = new BoltWriter(file);
            writer.bucket("key");
            long put = 0;
            long heldMax = 0;
            for (long row = 0; row < ROWS; row++) {
                writer.put(ByteBuffer.allocate(Long.BYTES).putLong(row).flip(),
                        ByteBuffer.wrap(value));
                put += Long.BYTES + VALUE_BYTES;
                heldMax = Math.max(heldMax, put - file.position());
            }
            writer.finish();
            assertThat(put).isGreaterThan(400L * HELD_BYTES_MAX);
            assertThat(heldMax).isBetween(1L, (long) HELD_BYTES_MAX);
        }
    }
}
