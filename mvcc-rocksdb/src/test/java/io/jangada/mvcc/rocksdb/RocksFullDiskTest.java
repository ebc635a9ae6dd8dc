// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendException;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file system in memory that is full; only where this process may mount one. */
@Timeout(120)
final class RocksFullDiskTest {
    private static final int VALUE_BYTES = 64 << 10;
    private static final RocksLimits SMALL = new RocksLimits(1 << 20, 1 << 20, 64, 2, 1 << 20);

    @TempDir
    private Path folder;
    private boolean isMounted;
    private final Random random = new Random(1);
    private final BlockingQueue<Boolean> heard = new LinkedBlockingQueue<>();

    @BeforeEach
    void mount() throws Exception {
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=12m", "jangada-test",
                folder.toString());
        assumeTrue(isMounted, "a file system may not be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (isMounted) {
            assertThat(run("umount", "-l", folder.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException ignored) {
            return false; // No such program.
        }
    }

    @Test
    void writersWaitForRoomAndNothingIsLost() throws Exception {
        try (RocksBackend backend = open()) {
            write(backend, 0);
            backend.persist();
            fill();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                for (int i = 1; i < 60; i++) {
                    write(backend, i);
                }
                backend.persist();
            });
            assertThat(heard.take()).as("full").isTrue();
            assertThat(writing).isNotDone();
            try (BackendSnapshot snapshot = backend.snapshot()) {
                assertThat(snapshot.get(Table.CURRENT, key(0))).isPresent();
                assertThat(snapshot.get(Table.CURRENT, key(1))).isPresent();
            }
            Files.delete(folder.resolve("filler"));
            assertThat(heard.take()).as("full").isFalse();
            writing.get();
        }
        try (RocksBackend again = open(); BackendSnapshot snapshot = again.snapshot()) {
            for (int i = 0; i < 60; i++) {
                assertThat(snapshot.get(Table.CURRENT, key(i))).as("row " + i).isPresent();
            }
        }
    }

    @Test
    void whoeverWaitsIsLetGoWhenItIsClosed() throws Exception {
        CompletableFuture<Void> writing;
        try (RocksBackend backend = open()) {
            write(backend, 0);
            fill();
            writing = CompletableFuture.runAsync(backend::persist);
            assertThat(heard.take()).as("full").isTrue();
        }
        assertThatThrownBy(writing::get).isInstanceOf(ExecutionException.class)
                .cause().isInstanceOf(BackendException.class);
    }

    private RocksBackend open() {
        return RocksBackend.open(folder.resolve("db"), SMALL, ignored -> {}, heard::add);
    }

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8("key" + number);
    }

    private void write(RocksBackend backend, int number) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        Batch batch = new Batch();
        batch.put(Table.CURRENT, key(number), ByteString.copyFrom(value));
        backend.write(batch);
    }

    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve("filler"))) {
            byte[] piece = new byte[4096];
            while (folder.toFile().getUsableSpace() > 0) {
                out.write(piece);
            }
        }
    }
}
