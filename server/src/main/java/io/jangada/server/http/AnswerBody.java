// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import com.google.protobuf.ByteString;
import io.jangada.server.answer.LongAnswer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController.FlowControlled;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A long answer on its way into a stream: a part is made when the one before has been written, so that one is held at a time
 * however large the answer is and however slowly the client reads. What gRPC writes after it, the trailers, waits. Belongs to the
 * connection's loop.
 */
final class AnswerBody {
    private final CountedWindows windows;
    private final Http2ConnectionEncoder encoder;
    private final Http2Stream stream;
    private final LongAnswer answer;
    private final Queue<FlowControlled> waiting = new ArrayDeque<>();
    private int leftBytes;
    private boolean adding;
    private boolean over;

    AnswerBody(CountedWindows windows, Http2ConnectionEncoder encoder, Http2Stream stream,
            LongAnswer answer) {
        this.windows = windows;
        this.encoder = encoder;
        this.stream = stream;
        this.answer = answer;
        this.leftBytes = answer.bytes();
    }

    /** Takes {@code payload} if it has to wait for this body's end. */
    boolean keeps(FlowControlled payload) {
        return !adding && waiting.add(payload);
    }

    /** Asks for the next part. */
    void pull() {
        answer.next(part -> context().executor().execute(() -> add(part)));
    }

    private ChannelHandlerContext context() {
        return windows.channelHandlerContext();
    }

    private void add(ByteString part) {
        if (over) {
            return;
        }
        if (part.isEmpty() || part.size() > leftBytes) {
            /* gRPC has said how long the message is: what is short of it must not look whole. */
            var ignored = encoder.writeRstStream(context(), stream.id(),
                    Http2Error.INTERNAL_ERROR.code(), context().newPromise());
            context().flush();
            return;
        }
        leftBytes -= part.size();
        adding = true;
        ChannelFuture written = encoder.writeData(context(), stream.id(),
                Unpooled.wrappedBuffer(part.asReadOnlyByteBuffer()), 0, false,
                context().newPromise());
        adding = false;
        if (leftBytes == 0) {
            over = true;
            windows.ended(stream);
            waiting.forEach(payload -> windows.addFlowControlled(stream, payload));
        } else {
            written.addListener(done -> {
                if (done.isSuccess()) {
                    pull();
                }
            });
        }
        windows.flush();
    }

    /** The stream is closed: nothing of this will be written any more. */
    void cancel() {
        over = true;
        Http2Exception closed = Http2Exception.streamError(stream.id(), Http2Error.STREAM_CLOSED,
                "stream closed before its answer was written");
        waiting.forEach(payload -> payload.error(context(), closed));
        waiting.clear();
    }
}
