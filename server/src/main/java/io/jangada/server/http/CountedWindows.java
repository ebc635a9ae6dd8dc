// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.server.answer.LongAnswer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flow control that counts how often a client gives window, and lets long answers into streams, before what gRPC writes after them.
 * Belongs to the connection's loop.
 */
final class CountedWindows implements Http2RemoteFlowController {
    private final Http2RemoteFlowController flow;
    private final Http2ConnectionEncoder encoder;
    private final Map<Http2Stream, AnswerBody> bodies = new HashMap<>();
    /** The answer that follows what is being written; none most of the time. */
    private @Nullable LongAnswer following;
    /** Whether what is being written ends its stream. */
    private boolean resetting;
    private long updates;

    private CountedWindows(Http2ConnectionEncoder encoder) {
        this.encoder = encoder;
        this.flow = encoder.flowController();
    }

    /** In the place of that of {@code encoder}'s connection, which goes on doing the work. */
    static CountedWindows of(Http2ConnectionEncoder encoder) {
        CountedWindows windows = new CountedWindows(encoder);
        encoder.connection().remote().flowController(windows);
        encoder.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                AnswerBody body = windows.bodies.remove(stream);
                if (body != null) {
                    body.cancel();
                }
            }
        });
        return windows;
    }

    /** Runs {@code write}; {@code answer} follows on the stream to which it writes, if that is open. */
    void follow(LongAnswer answer, Runnable write) {
        following = answer;
        try {
            write.run();
        } finally {
            following = null;
        }
    }

    /** Runs {@code write}, and resets the stream to which it writes, if that is open, instead. */
    void reset(Runnable write) {
        resetting = true;
        try {
            write.run();
        } finally {
            resetting = false;
        }
    }

    /** All of the body of {@code stream} is added. */
    void ended(Http2Stream stream) {
        bodies.remove(stream);
    }

    /** Writes what there is window for. */
    void flush() {
        try {
            flow.writePendingBytes();
        } catch (Http2Exception failed) {
            channelHandlerContext().fireExceptionCaught(failed);
        }
        channelHandlerContext().flush();
    }

    /** How often the client has given window, to any stream. */
    long updates() {
        return updates;
    }

    @Override
    public void incrementWindowSize(Http2Stream stream, int delta) throws Http2Exception {
        updates++;
        flow.incrementWindowSize(stream, delta);
    }

    @Override
    public void channelHandlerContext(ChannelHandlerContext context) throws Http2Exception {
        flow.channelHandlerContext(context);
    }

    @Override
    public void initialWindowSize(int bytes) throws Http2Exception {
        flow.initialWindowSize(bytes);
    }

    @Override
    public int initialWindowSize() {
        return flow.initialWindowSize();
    }

    @Override
    public int windowSize(Http2Stream stream) {
        return flow.windowSize(stream);
    }

    @Override
    public ChannelHandlerContext channelHandlerContext() {
        return flow.channelHandlerContext();
    }

    @Override
    public void addFlowControlled(Http2Stream stream, FlowControlled payload) {
        if (resetting) {
            var ignored = encoder.writeRstStream(channelHandlerContext(), stream.id(),
                    Http2Error.ENHANCE_YOUR_CALM.code(), channelHandlerContext().newPromise());
            payload.error(channelHandlerContext(), Http2Exception.streamError(stream.id(),
                    Http2Error.ENHANCE_YOUR_CALM, "its client does not read"));
            return;
        }
        AnswerBody body = bodies.isEmpty() ? null : bodies.get(stream);
        if (body != null && body.keeps(payload)) {
            return;
        }
        flow.addFlowControlled(stream, payload);
        LongAnswer answer = following;
        if (answer != null) {
            following = null;
            AnswerBody begun = new AnswerBody(this, encoder, stream, answer);
            bodies.put(stream, begun);
            begun.pull();
        }
    }

    @Override
    public boolean hasFlowControlled(Http2Stream stream) {
        return bodies.containsKey(stream) || flow.hasFlowControlled(stream);
    }

    @Override
    public void writePendingBytes() throws Http2Exception {
        flow.writePendingBytes();
    }

    @Override
    public void listener(Listener listener) {
        flow.listener(listener);
    }

    @Override
    public boolean isWritable(Http2Stream stream) {
        return flow.isWritable(stream);
    }

    @Override
    public void channelWritabilityChanged() throws Http2Exception {
        flow.channelWritabilityChanged();
    }

    @Override
    public void updateDependencyTree(int stream, int parent, short weight, boolean exclusive) {
        flow.updateDependencyTree(stream, parent, weight, exclusive);
    }
}
