// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Deflates the bodies of frames, each by itself. For one thread at a time; holds native memory until closed. */
final class BodyDeflater implements AutoCloseable {
    /** Smaller ones are not worth the work. */
    static final int BODY_BYTES_MIN = 1024;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

    /** What remains in {@code body}, deflated; null if that is not smaller. The body's position does not move. */
    @Nullable
    ByteBuffer deflate(ByteBuffer body) {
        int bytes = body.remaining();
        if (bytes < BODY_BYTES_MIN) {
            return null;
        }
        ByteBuffer target = ByteBuffer.allocate(bytes).putInt(bytes);
        deflater.reset();
        deflater.setInput(body.duplicate());
        deflater.finish();
        deflater.deflate(target);
        return deflater.finished() ? target.flip() : null;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
