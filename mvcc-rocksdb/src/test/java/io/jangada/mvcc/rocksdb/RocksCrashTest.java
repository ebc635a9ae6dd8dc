// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.KeyValue;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.RangeOptions;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.backend.BackendException;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a crash, a second opener and a damaged file find. */
final class RocksCrashTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void killedWriterLeavesTheStateOfOneBatch(int persists)
            throws IOException, InterruptedException {
        Path directory = folder.resolve("db");
        long persisted = writeAndKill(directory, persists);
        try (MvccStore store = MvccStore.open(RocksBackend.open(directory, CrashingWriter.SMALL));
                ReadView view = store.view()) {
            long applied = Long.parseLong(
                    view.meta(CrashingWriter.APPLIED).orElseThrow().toStringUtf8());
            assertThat(applied).isGreaterThanOrEqualTo(persisted);
            assertThat(view.revision()).isEqualTo(applied + 1);
            List<KeyValue> latest = view.range(KeyRange.ALL, RangeOptions.LATEST).keyValues();
            assertThat(latest).hasSize(CrashingWriter.PUTS_PER_BATCH)
                    .allMatch(kv -> kv.version() == applied);
            for (long revision = 2; revision < view.revision(); revision += 97) {
                assertThat(view.range(KeyRange.ALL, RangeOptions.LATEST.at(revision)).count())
                        .isEqualTo(CrashingWriter.PUTS_PER_BATCH);
            }
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        Path directory = folder.resolve("db");
        try (RocksBackend first = RocksBackend.open(directory, RocksLimits.DEFAULT)) {
            assertThatThrownBy(() -> RocksBackend.open(directory, RocksLimits.DEFAULT))
                    .isInstanceOf(BackendException.class).hasMessageContaining("open " + directory);
            assertThat(first.sizeBytes()).isNotNegative();
        }
    }

    @Test
    void neverReturnsADamagedRow() throws IOException {
        Path directory = folder.resolve("db");
        ByteString key = ByteString.copyFromUtf8("key");
        try (RocksBackend backend = RocksBackend.open(directory, RocksLimits.DEFAULT)) {
            Batch batch = new Batch();
            batch.put(Table.CURRENT, key, ByteString.copyFromUtf8("value that gets damaged"));
            backend.write(batch);
            backend.persist();
        }
        damage(directory, "value that gets damaged");
        try (RocksBackend backend = RocksBackend.open(directory, RocksLimits.DEFAULT);
                BackendSnapshot snapshot = backend.snapshot()) {
            assertThatThrownBy(() -> snapshot.get(Table.CURRENT, key))
                    .isInstanceOf(BackendException.class);
            assertThatThrownBy(() -> snapshot
                    .cursor(Table.CURRENT, ByteString.EMPTY, ByteString.EMPTY).close())
                    .isInstanceOf(BackendException.class);
        }
    }

    @Test
    void sizesFollowWhatIsWritten() {
        try (RocksBackend backend = RocksBackend.open(folder.resolve("db"), RocksLimits.DEFAULT)) {
            long before = backend.sizeBytes();
            for (int i = 0; i < 8; i++) {
                Batch batch = new Batch();
                batch.put(Table.CURRENT, ByteString.copyFromUtf8("key" + i),
                        ByteString.copyFrom(new byte[1 << 20]));
                backend.write(batch);
            }
            assertThat(backend.sizeBytes() - before).isBetween(7L << 20, 12L << 20);
            backend.clear();
            backend.persist();
            try (BackendSnapshot snapshot = backend.snapshot()) {
                assertThat(snapshot.get(Table.CURRENT, ByteString.copyFromUtf8("key1"))).isEmpty();
            }
        }
    }

    private static long writeAndKill(Path directory, int persists)
            throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), CrashingWriter.class.getName(),
                directory.toString()).redirectErrorStream(false)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        long persisted = 0;
        try (BufferedReader out = writer.inputReader()) {
            for (int i = 0; i < persists; i++) {
                String line = out.readLine();
                assertThat(line).as("the writer's word").isNotNull();
                persisted = Long.parseLong(line);
            }
        } finally {
            writer.destroyForcibly();
            writer.waitFor();
        }
        return persisted;
    }

    /** Flips a bit of {@code content} in the one file that has it. */
    private static void damage(Path directory, String content) throws IOException {
        int damaged = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".sst")).toList()) {
                int at = new String(Files.readAllBytes(file),
                        StandardCharsets.ISO_8859_1).indexOf(content);
                if (at >= 0) {
                    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                        bytes.seek(at);
                        bytes.write(content.charAt(0) ^ 1);
                    }
                    damaged++;
                }
            }
        }
        assertThat(damaged).isEqualTo(1);
    }
}
