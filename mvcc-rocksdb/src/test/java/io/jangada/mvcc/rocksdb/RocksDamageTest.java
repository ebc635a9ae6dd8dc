// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendException;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.CorruptBackendException;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bit of the database's files turns over, or a file is gone, while nobody looks: whoever reads gets what was written,
 * or a {@link CorruptBackendException}, and nothing else. {@code -Djangada.trials=N} runs as many, from
 * {@code -Djangada.seed=N} on.
 */
final class RocksDamageTest {
    private static final int TRIALS = Integer.getInteger("jangada.trials", 60);
    private static final long SEED = Long.getLong("jangada.seed", 1);
    private static final int ROWS = 300;

    @TempDir
    private Path folder;

    @Test
    void damageIsToldOrDoesNoHarm() throws IOException {
        Path sound = folder.resolve("sound");
        List<ByteString> written = write(sound);
        int told = 0;
        for (long seed = SEED; seed < SEED + TRIALS; seed++) {
            Path damaged = folder.resolve("damaged-" + seed);
            copy(sound, damaged);
            String what = "seed " + seed + ": " + strike(damaged, new SplittableRandom(seed));
            List<CorruptBackendException> heard = new ArrayList<>();
            try {
                assertThat(read(damaged, heard)).as(what).isEqualTo(written);
            } catch (CorruptBackendException found) {
                assertThat(heard.isEmpty() ? List.of(found) : heard).as(what).contains(found);
                told++;
            } catch (BackendException other) {
                fail(what, other);
            }
        }
        assertThat(told).as("trials that found the damage").isGreaterThan(TRIALS / 4);
    }

    private static List<ByteString> write(Path directory) {
        try (RocksBackend backend = RocksBackend.open(directory, RocksLimits.DEFAULT)) {
            for (int part = 0; part < 3; part++) {
                Batch batch = new Batch();
                for (int i = 0; i < ROWS; i++) {
                    ByteString key = ByteString.copyFromUtf8("key" + (i * 7 + part));
                    for (Table table : Table.ALL) {
                        batch.put(table, key, ByteString.copyFrom(new byte[100]).concat(key));
                    }
                }
                backend.write(batch);
                backend.persist();
            }
        }
        return read(directory, new ArrayList<>());
    }

    private static List<ByteString> read(Path directory, List<CorruptBackendException> heard) {
        List<ByteString> rows = new ArrayList<>();
        try (RocksBackend backend = RocksBackend.open(directory, RocksLimits.DEFAULT, heard::add);
                BackendSnapshot snapshot = backend.snapshot()) {
            for (Table table : Table.ALL) {
                try (Cursor cursor = snapshot.cursor(table, ByteString.EMPTY, ByteString.EMPTY)) {
                    for (; cursor.isValid(); cursor.next()) {
                        rows.add(cursor.key());
                        rows.add(cursor.value());
                        rows.add(snapshot.get(table, cursor.key()).orElse(ByteString.EMPTY));
                    }
                }
            }
        }
        return rows;
    }

    /** Of the files that hold the state: what RocksDB only writes for people is not struck. */
    private static String strike(Path directory, SplittableRandom random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().matches(".*(\\.sst|CURRENT|MANIFEST-\\d+)"))
                    .sorted().toList();
        }
        Path file = files.get(random.nextInt(files.size()));
        if (random.nextInt(10) == 0) {
            Files.delete(file);
            return file + " is gone";
        }
        byte[] content = Files.readAllBytes(file);
        int at = random.nextInt(content.length);
        content[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, content);
        return file + " differs at " + at;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectory(to);
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(file.getFileName()));
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
    }
}
