// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.mvcc.ReadView;
import io.jangada.server.config.Versions;
import io.jangada.server.error.EtcdError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backup on its way to a client: a file is written first, so that the state is held only for as long as the
 * disk takes, and then goes out in parts, each when the client has room for it, the SHA-256 of all last.
 *
 * <p>The file lies in the data directory and has no name any more once it is open, where the system can do
 * that: it is gone whatever becomes of the client or of this process. Runs on the threads of its
 * {@link SnapshotStreams}, one task at a time.
 */
final class SnapshotStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotStream.class);
    private static final int PART_BYTES = 64 << 10;

    private final SnapshotStreams all;
    private final ServerCallStreamObserver<SnapshotResponse> out;
    private final MessageDigest digest = SnapshotFile.sha256();
    /** Calls of {@link #pump} that are still to be answered for; above 0 while a task runs. */
    private final AtomicInteger calls = new AtomicInteger();
    private @Nullable FileChannel file;
    private long bytes;
    private long sent;
    private boolean over;
    private boolean closed;

    /** One of {@code all}, which it tells when nothing is left of it. */
    SnapshotStream(SnapshotStreams all, ServerCallStreamObserver<SnapshotResponse> out) {
        this.all = all;
        this.out = out;
    }

    /** Begins; must be called while the call is being started. */
    void start() {
        out.setOnCancelHandler(this::pump);
        out.setOnReadyHandler(this::pump);
    }

    private void pump() {
        if (calls.getAndIncrement() == 0) {
            try {
                all.threads().execute(this::run);
            } catch (RejectedExecutionException stopped) {
                fail(EtcdError.STOPPED.exception());
            }
        }
    }

    private void run() {
        int seen;
        do {
            seen = calls.get();
            try {
                send();
            } catch (IOException | RuntimeException failed) { // Of any kind: its place is for another.
                failed(failed);
            }
        } while (calls.addAndGet(-seen) != 0);
    }

    private void send() throws IOException {
        while (!over && !isUnwanted() && out.isReady()) {
            FileChannel open = file == null ? write() : file;
            if (sent < bytes) {
                part(open);
            } else {
                over = true;
                out.onNext(response(ByteString.copyFrom(digest.digest())));
                out.onCompleted();
                LOGGER.info("snapshot sent bytes={}", bytes);
            }
        }
        if (!over && all.isClosed()) {
            fail(EtcdError.STOPPED.exception());
        } else if (over || out.isCancelled()) {
            close();
        }
    }

    private boolean isUnwanted() {
        return out.isCancelled() || all.isClosed();
    }

    private FileChannel write() throws IOException {
        Path path = Files.createTempFile(all.member().config().dataDir().resolve("member"),
                "backup-",
                ".tmp");
        FileChannel made = FileChannel.open(path, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        file = made;
        try (ReadView view = all.member().store().view()) {
            bytes = BackupWriter.write(view, this::isUnwanted, made);
        }
        return made;
    }

    private void part(FileChannel from) throws IOException {
        ByteBuffer part = ByteBuffer.allocate((int) Math.min(PART_BYTES, bytes - sent));
        while (part.hasRemaining()) {
            if (from.read(part, sent + part.position()) < 0) {
                throw new IOException("the file ends at " + (sent + part.position()) + " of "
                        + bytes + " bytes");
            }
        }
        sent += part.flip().remaining();
        digest.update(part.duplicate());
        out.onNext(response(UnsafeByteOperations.unsafeWrap(part)));
    }

    private SnapshotResponse response(ByteString blob) {
        return SnapshotResponse.newBuilder().setRemainingBytes(bytes - sent).setBlob(blob)
                .setVersion(Versions.STORAGE).build();
    }

    private void failed(Exception failure) {
        if (isUnwanted()) {
            fail(EtcdError.STOPPED.exception());
        } else {
            LOGGER.warn("snapshot not sent", failure);
            fail(Status.INTERNAL.withDescription("snapshot: " + failure.getMessage())
                    .asRuntimeException());
        }
    }

    private void fail(StatusRuntimeException why) {
        close();
        if (!over) {
            over = true;
            out.onError(why);
        }
    }

    private void close() {
        over = over || out.isCancelled();
        if (closed) {
            return;
        }
        closed = true;
        FileChannel open = file;
        if (open != null) {
            try {
                open.close();
            } catch (IOException failed) {
                LOGGER.warn("temporary file of a snapshot not closed", failed);
            }
        }
        all.ended();
    }
}
