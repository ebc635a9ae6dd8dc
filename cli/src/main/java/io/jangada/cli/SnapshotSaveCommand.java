// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.server.backup.SnapshotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Saves one member's state. The file has its name only once it is whole, checked and on the disk. */
@Command(name = "save", description = "Save the state of the first member that answers to a file.", mixinStandardHelpOptions = true)
final class SnapshotSaveCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "Where to save it; an older one is replaced.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        Path target = file.toAbsolutePath();
        /* Readable by its owner only, as there are passwords in it, if only their hashes. */
        Path part = Files.createTempFile(target.resolveSibling(""), target.getFileName() + "-", ".part");
        try (EtcdClient etcd = client.connect()) {
            save(etcd.snapshot(), part);
            try (SnapshotFile saved = SnapshotFile.open(part)) {
                saved.checkDigest();
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (StatusRuntimeException e) {
            throw new IllegalStateException(e.getStatus().getDescription(), e);
        } finally {
            Files.deleteIfExists(part);
        }
        System.out.println("Snapshot saved at " + file);
        return 0;
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
