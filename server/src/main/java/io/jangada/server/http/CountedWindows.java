// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/** Flow control that counts how often a client gives window. Belongs to the connection's loop. */
final class CountedWindows implements Http2RemoteFlowController {
    private final Http2RemoteFlowController flow;
    private long updates;

    /** Over {@code flow}, which does the work. */
    CountedWindows(Http2RemoteFlowController flow) {
        this.flow = flow;
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
        flow.addFlowControlled(stream, payload);
    }

    @Override
    public boolean hasFlowControlled(Http2Stream stream) {
        return flow.hasFlowControlled(stream);
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
