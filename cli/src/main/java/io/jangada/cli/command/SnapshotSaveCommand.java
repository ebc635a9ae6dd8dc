// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.SnapshotRequest;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.print.CommandFailure;
import io.jangada.server.backup.SnapshotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Saves one member's state. The file has its name only once it is whole, checked and on the disk. */
@Command(name = "save", description = "Save the state of the first member that answers to a file; an older one of that name is replaced.", mixinStandardHelpOptions = true)
final class SnapshotSaveCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private SnapshotPath path = new SnapshotPath();

    @Override
    public Integer call() throws InterruptedException {
        Path file = path.required("save");
        try {
            return client.run((etcd, printer) -> {
                save(etcd, file.toAbsolutePath());
                printer.say("Snapshot saved at " + file);
            });
        } catch (FileSystemException failed) {
            throw CommandFailure.interrupted("cannot save to " + file + ": "
                    + failed.getClass().getSimpleName() + ": " + failed.getMessage());
        } catch (IOException | IllegalStateException failed) {
            throw CommandFailure.interrupted(String.valueOf(failed.getMessage()));
        }
    }

    private static void save(EtcdClient etcd, Path target) throws IOException {
        /* Readable by its owner only, as there are passwords in it, if only their hashes. */
        Path part = Files.createTempFile(target.resolveSibling(""), target.getFileName() + "-",
                ".part");
        try {
            save(MaintenanceGrpc.newBlockingStub(etcd.channel())
                    .snapshot(SnapshotRequest.getDefaultInstance()), part);
            try (SnapshotFile saved = SnapshotFile.open(part)) {
                saved.checkDigest();
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void save(Iterator<SnapshotResponse> parts, Path to) throws IOException {
        Progress progress = Progress.onTerminal("saving");
        try (FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
            long bytes = 0;
            while (parts.hasNext()) {
                SnapshotResponse part = parts.next();
                for (ByteBuffer blob : part.getBlob().asReadOnlyByteBufferList()) {
                    while (blob.hasRemaining()) {
                        bytes += out.write(blob);
                    }
                }
                progress.show(bytes, bytes + part.getRemainingBytes());
            }
            out.force(true);
        } finally {
            progress.end();
        }
    }
}
