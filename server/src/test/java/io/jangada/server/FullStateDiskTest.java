// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.DefragmentRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the state is full, that of the log is not; only where a file system may be mounted. */
@Timeout(120)
final class FullStateDiskTest {
    private static final int VALUE_BYTES = 100_000;
    private static final int PUTS = 30;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;
    private boolean isMounted;

    @BeforeEach
    void mount() throws Exception {
        Files.createDirectory(folder.resolve("data"));
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "jangada-test",
                folder.resolve("data").toString());
        assumeTrue(isMounted, "a file system may not be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (isMounted) {
            assertThat(run("umount", "-l", folder.resolve("data").toString())).isTrue();
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
    void writesAreRefusedAndReadsServedUntilThereIsRoom() throws Exception {
        try (OneMember member = OneMember.start(OneMember.config(folder.resolve("data"))
                .walDir(folder.resolve("wal")).build())) {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(member.channel());
            for (int i = 0; i < PUTS; i++) {
                put(kv, i);
            }
            fill();
            CompletableFuture<Void> flushing = CompletableFuture
                    .runAsync(() -> MaintenanceGrpc.newBlockingStub(member.channel())
                            .defragment(DefragmentRequest.getDefaultInstance()));
            putUntilRefused(kv);
            assertThat(kv.range(RangeRequest.newBuilder().setSerializable(true)
                    .setKey(ByteString.copyFromUtf8("key0")).build()).getCount()).isEqualTo(1);

            Files.delete(folder.resolve("data/filler"));
            putOnceThereIsRoom(kv);
            for (int i = 0; i < PUTS; i++) {
                assertThat(kv.range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("key" + i)).build()).getCount())
                        .as("key" + i).isEqualTo(1);
            }
            assertThat(flushing).succeedsWithin(60, TimeUnit.SECONDS);
        }
    }

    /** What is in the log already when the state begins to wait is not answered. */
    private static void putUntilRefused(KVGrpc.KVBlockingStub kv) {
        while (true) {
            try {
                put(kv, PUTS);
            } catch (StatusRuntimeException full) {
                if (String.valueOf(full.getMessage()).contains("database space exceeded")) {
                    return;
                }
                assertThat(full).hasMessageContaining("timed out");
            }
        }
    }

    private static void putOnceThereIsRoom(KVGrpc.KVBlockingStub kv) {
        while (true) {
            try {
                put(kv, PUTS + 1);
                return;
            } catch (StatusRuntimeException full) {
                assertThat(full).hasMessageContaining("database space exceeded");
            }
        }
    }

    private static void put(KVGrpc.KVBlockingStub kv, int number) {
        var ignored = kv.put(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("key" + number))
                .setValue(ByteString.copyFrom(new byte[VALUE_BYTES])).build());
    }

    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve("data/filler"))) {
            byte[] piece = new byte[4096];
            while (folder.resolve("data").toFile().getUsableSpace() > 0) {
                out.write(piece);
            }
        }
    }
}
