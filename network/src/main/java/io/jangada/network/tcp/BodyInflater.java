// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the bodies of frames, from bytes that nobody vouches for: no more is allocated than a frame may
 * have, and than so many deflated bytes can stand for. For one thread; holds native memory until closed.
 */
final class BodyInflater implements AutoCloseable {
    /** Deflate makes nothing smaller than by this factor. */
    private static final int RATIO_MAX = 1032;

    private final Inflater inflater = new Inflater(true);

    /** What remains in {@code body}, inflated to at most {@code bytesMax}. */
    ByteBuffer inflate(ByteBuffer body, int bytesMax) throws ProtocolException {
        int size = body.remaining() <= Integer.BYTES ? 0 : body.getInt();
        if (size < 1 || size > bytesMax || size > (long) RATIO_MAX * body.remaining()) {
            throw new ProtocolException("a body of " + size + " bytes deflated to "
                    + body.remaining() + ", where up to " + bytesMax + " are allowed");
        }
        // One byte more than there should be, so that what is too long shows.
        ByteBuffer target = ByteBuffer.allocate(size + 1);
        try {
            inflater.reset();
            inflater.setInput(body);
            inflater.inflate(target);
        } catch (DataFormatException e) {
            throw new ProtocolException("a deflated body that is none: " + e.getMessage(), e);
        }
        if (!inflater.finished() || target.position() != size || body.hasRemaining()) {
            throw new ProtocolException("a deflated body of another size than it says");
        }
        return target.flip();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
