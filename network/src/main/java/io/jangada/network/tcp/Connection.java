// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection as a sequence of frames in both directions, which belongs to a
 * {@link Conversation}. A frame's length is checked before anything is kept of it: before the
 * handshake against {@link #HANDSHAKE_BYTES_MAX}, afterwards against the limit given. All methods
 * but {@link #close} are for its event loop only.
 */
final class Connection extends ByteToMessageDecoder {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    /** The longest frame of a handshake. */
    static final int HANDSHAKE_BYTES_MAX = 512;
    /** The reason of an end that nobody has given a reason for. */
    static final String CLOSED_BY_OTHER = "closed by the other end";
    /** What records of TLS begin with. As lengths of frames they would be above 352,000,000. */
    private static final int TLS_ALERT = 0x1503;
    private static final int TLS_HANDSHAKE = 0x1603;

    private final Channel channel;
    private Conversation conversation;
    private int frameBytesMax = HANDSHAKE_BYTES_MAX;
    private Compression compression = Compression.NONE;
    private @Nullable BodyDeflater deflater;
    private @Nullable BodyInflater inflater;
    private String closeReason = "";

    /** For {@code channel}, to whose pipeline it is added. */
    Connection(Channel channel, Conversation conversation) {
        this.channel = channel;
        this.conversation = conversation;
    }

    /** The handshake is done: {@code next} goes on, with frames of up to {@code frameBytesMax}. */
    void become(Conversation next, int frameBytesMax) {
        this.conversation = next;
        this.frameBytesMax = frameBytesMax;
    }

    /** What both ends have agreed on in the handshake. */
    void agree(Compression agreed) {
        compression = agreed;
    }

    Compression compression() {
        return compression;
    }

    /** From now on, {@link Conversation#idle} is called whenever nothing has come for {@code millis}. */
    void watch(long millis) {
        channel.pipeline().addFirst(new IdleStateHandler(millis, 0, 0, TimeUnit.MILLISECONDS));
    }

    /** Writes a frame around what remains in {@code body}, and flushes. */
    void send(FrameKind kind, long group, ByteBuffer body) {
        flush(Frame.of(channel.alloc(), kind, group, body));
    }

    /** Writes the frame of a large message, smaller if that is agreed on; does not flush. Answers its size. */
    int writeLarge(long group, ByteBuffer body) {
        BodyDeflater now = deflater == null ? new BodyDeflater() : deflater;
        deflater = now;
        ByteBuffer deflated = now.deflate(body);
        ByteBuf frame = deflated == null
                ? Frame.of(channel.alloc(), FrameKind.MESSAGE, group, body)
                : Frame.of(channel.alloc(), FrameKind.MESSAGE, Packing.DEFLATED, group, deflated);
        int bytes = frame.readableBytes();
        write(frame);
        return bytes;
    }

    /** Flushes what was written. */
    void flush() {
        channel.flush();
    }

    /** Writes frames without flushing them. */
    void write(ByteBuf frames) {
        var ignored = channel.write(frames);
    }

    /** Writes frames, and flushes them and those before. */
    void flush(ByteBuf frames) {
        var ignored = channel.writeAndFlush(frames);
    }

    /** Sends a last frame and closes. */
    void sendAndClose(FrameKind kind, ByteBuffer body, String reason) {
        explain(reason);
        var ignored = channel.writeAndFlush(Frame.of(channel.alloc(), kind, 0, body))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Whether less than the high watermark waits to go out. */
    boolean isWritable() {
        return channel.isWritable();
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    /** The other end's address, for logs. */
    String remote() {
        return String.valueOf(channel.remoteAddress());
    }

    /** Closes; the conversation gets {@code reason}. For any thread. */
    void close(String reason) {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> close(reason));
            return;
        }
        if (channel.isOpen()) {
            explain(reason);
            var ignored = channel.close();
        }
    }

    /** Why it is about to be closed; of several reasons the first counts. */
    void explain(String reason) {
        if (closeReason.isEmpty()) {
            closeReason = reason;
        }
    }

    Channel channel() {
        return channel;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!channel.isOpen()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            frame(in);
        } catch (ProtocolException e) {
            in.skipBytes(in.readableBytes());
            close(String.valueOf(e.getMessage()));
        }
    }

    private void frame(ByteBuf in) throws ProtocolException {
        if (in.readableBytes() < Frame.LENGTH_BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length >>> 16 == TLS_ALERT || length >>> 16 == TLS_HANDSHAKE) {
            throw new ProtocolException("the other end speaks TLS, this member does not");
        }
        if (length < Frame.HEAD_BYTES || length > frameBytesMax) {
            throw new ProtocolException("a frame of " + Integer.toUnsignedString(length)
                    + " bytes, where " + Frame.HEAD_BYTES + " to " + frameBytesMax
                    + " are allowed");
        }
        if (in.readableBytes() < Frame.LENGTH_BYTES + length) {
            return;
        }
        ByteBuffer frame = in.internalNioBuffer(in.readerIndex() + Frame.LENGTH_BYTES, length);
        in.skipBytes(Frame.LENGTH_BYTES + length);
        int crc = frame.getInt();
        int checked = frame.position();
        if (Frame.crc(frame) != crc) {
            throw new ProtocolException("a frame whose checksum is wrong");
        }
        frame.position(checked);
        byte version = frame.get();
        if (version != Frame.VERSION) {
            throw new ProtocolException("a frame of version " + version);
        }
        byte code = frame.get();
        FrameKind kind = FrameKind.of(Packing.kindCode(code));
        long group = frame.getLong();
        conversation.frame(kind, group, switch (Packing.of(code)) {
            case PLAIN -> frame;
            case DEFLATED -> inflated(frame);
        });
    }

    private ByteBuffer inflated(ByteBuffer body) throws ProtocolException {
        if (compression != Compression.DEFLATE) {
            throw new ProtocolException("a deflated frame, which was not agreed on");
        }
        BodyInflater now = inflater == null ? new BodyInflater() : inflater;
        inflater = now;
        return now.inflate(body, frameBytesMax - Frame.HEAD_BYTES);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof IdleStateEvent) {
            conversation.idle();
            return;
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            conversation.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deflater != null) {
            deflater.close();
        }
        if (inflater != null) {
            inflater.close();
        }
        // The superclass would decode what is left; half a frame is worth nothing.
        conversation.closed(closeReason.isEmpty() ? CLOSED_BY_OTHER : closeReason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (TlsFailure.isTls(cause)) {
            // The channel may be closed already, while nobody has been told.
            explain(TlsFailure.reason(cause));
            close(closeReason);
            return;
        }
        if (!(cause instanceof IOException)) {
            LOG.log(System.Logger.Level.ERROR, () -> "unexpected on a connection with " + remote(),
                    cause);
        }
        close(String.valueOf(cause.getMessage()));
    }
}
