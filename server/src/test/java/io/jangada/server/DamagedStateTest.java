// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.mvcc.rocksdb.RocksBackend;
import io.jangada.mvcc.rocksdb.RocksLimits;
import io.jangada.server.config.CorruptionConfig;
import io.jangada.server.config.ServerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bit of one member's state turns over on its disk, of which the others have a copy. */
@Timeout(180)
class DamagedStateTest {
    private static final CorruptionConfig OFF = CorruptionConfig.DEFAULT;
    private static final ByteString VALUE = ByteString.copyFromUtf8("a value that gets damaged");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    @Test
    void aMemberThatReadsItGetsItFromItsLogAgain() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            begin(cluster, 1);
            damage(cluster.directory(2), ".sst", VALUE.toStringUtf8());
            rebuildAfterARead(cluster, 1);
            assertThat(cluster.directory(2).resolve("member/db.corrupt")).isDirectory();
        }
    }

    @Test
    void aMemberWhoseLogIsCutGetsItFromTheOthers() throws Exception {
        try (var cluster = new ThreeMembers(folder, 20)) {
            begin(cluster, 200);
            try (Stream<Path> snapshots = Files
                    .list(cluster.directory(2).resolve("member/snap"))) {
                for (Path snapshot : snapshots.toList()) {
                    Files.delete(snapshot);
                }
            }
            damage(cluster.directory(2), ".sst", VALUE.toStringUtf8());
            rebuildAfterARead(cluster, 200);
        }
    }

    @Test
    void aStateThatCannotBeOpenedIsMadeAnewAtOnce() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            begin(cluster, 1);
            damage(cluster.directory(2), "CURRENT", "MANIFEST");
            cluster.startAll(OFF);
            await(cluster, 2, key(1));
            cluster.stop(2);
            cluster.start(2, OFF).ready().get(60, TimeUnit.SECONDS);
            assertThat(cluster.directory(2).resolve("member/rebuild")).doesNotExist();
            await(cluster, 2, key(1));
        }
    }

    @Test
    void aMemberAloneRefusesToStartAndChangesNothing() throws Exception {
        Path directory = folder.resolve("alone");
        ServerConfig config = ServerConfig.builder("alone", directory)
                .listenClientUrls("http://127.0.0.1:0").listenPeerUrls("http://127.0.0.1:0")
                .build();
        try (EtcdServer server = EtcdServer.start(config)) {
            server.ready().get(60, TimeUnit.SECONDS);
        }
        damage(directory, "CURRENT", "MANIFEST");
        assertThatThrownBy(() -> EtcdServer.start(config)).isInstanceOf(StartException.class)
                .hasMessageContaining("this member began alone: restore a backup");
        assertThat(directory.resolve("member/db.corrupt")).doesNotExist();
    }

    /** Puts {@code count} keys, stops all, and makes the state of the third durable. */
    private static void begin(ThreeMembers cluster, int count) throws Exception {
        cluster.startAll(OFF);
        for (int i = 1; i <= count; i++) {
            cluster.put(0, key(i), VALUE);
        }
        await(cluster, 2, key(count));
        cluster.stopAll();
        try (RocksBackend rows = RocksBackend.open(cluster.directory(2).resolve("member/db"),
                RocksLimits.DEFAULT)) {
            rows.persist();
        }
    }

    private static void rebuildAfterARead(ThreeMembers cluster, int count) throws Exception {
        cluster.start(0, OFF);
        cluster.start(1, OFF);
        EtcdServer third = cluster.start(2, OFF);
        while (!third.stopped().isDone()) { // JUnit's time limit ends this.
            assertThat(valueOrRefusal(cluster, key(1))).isIn(VALUE, ByteString.EMPTY);
        }
        assertThatThrownBy(() -> third.stopped().get())
                .hasCauseInstanceOf(RebuildNeededException.class)
                .hasMessageContaining("cannot read its state");
        cluster.stop(2);

        cluster.start(2, OFF).ready().get(60, TimeUnit.SECONDS);

        await(cluster, 2, key(1));
        await(cluster, 2, key(count));
        assertThat(valueOrRefusal(cluster, key(1))).isEqualTo(VALUE);
    }

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8("key" + number);
    }

    private static ByteString valueOrRefusal(ThreeMembers cluster, ByteString key) {
        try {
            return cluster.get(2, key);
        } catch (StatusRuntimeException refused) {
            return ByteString.EMPTY;
        }
    }

    private static void await(ThreeMembers cluster, int member, ByteString key) {
        while (!cluster.get(member, key).equals(VALUE)) {
            LockSupport.parkNanos(20_000_000); // JUnit's time limit ends this.
        }
    }

    /** Turns over a bit of {@code content} wherever a file that ends so has it. */
    private static void damage(Path directory, String ending, String content) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory.resolve("member/db"))) {
            files = all.filter(file -> file.toString().endsWith(ending)).toList();
        }
        int count = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(content);
            if (at >= 0) {
                bytes[at + 1] ^= 1;
                Files.write(file, bytes);
                count++;
            }
        }
        assertThat(count).as("files with what is to be damaged").isPositive();
    }
}
