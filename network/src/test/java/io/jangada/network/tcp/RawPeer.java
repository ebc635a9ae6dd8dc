// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.RecordingListener;
import io.jangada.network.codec.MessageCodec;
import io.jangada.raft.model.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The other end of a connection, byte by byte, for what a well-behaved peer would not do. */
final class RawPeer implements AutoCloseable {

    /**
     * A frame that came.
     *
     * @param text its body, read as UTF-8
     */
    record Received(FrameKind kind, String text) {}

    private final Socket socket;
    private final DataInputStream in;

    private RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(
                (int) Duration.ofSeconds(RecordingListener.PATIENCE_SECONDS).toMillis());
        this.in = new DataInputStream(socket.getInputStream());
    }

    static RawPeer connect(HostPort address) throws IOException {
        return new RawPeer(new Socket(address.host(), address.port()));
    }

    static RawPeer accept(ServerSocket server) throws IOException {
        return new RawPeer(server.accept());
    }

    /** Introduces itself and is let in. */
    RawPeer handshake(Hello hello) throws IOException {
        send(FrameKind.HELLO, hello.encoded());
        Received answer = receive();
        if (answer.kind() != FrameKind.WELCOME) {
            throw new IOException(answer.toString());
        }
        return this;
    }

    /** Lets in whoever has connected. */
    RawPeer welcome(long member) throws IOException {
        return welcome(member, Compression.NONE);
    }

    RawPeer welcome(long member, Compression compression) throws IOException {
        receive();
        send(FrameKind.WELCOME,
                ByteBuffer.allocate(12).putLong(member).putInt(compression.bit()).flip());
        return this;
    }

    void send(FrameKind kind, ByteBuffer body) throws IOException {
        send(bytes(kind, body));
    }

    void send(Message message) throws IOException {
        send(FrameKind.MESSAGE, encoded(message));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    static ByteBuffer encoded(Message message) {
        ByteBuffer bytes = ByteBuffer.allocate((int) MessageCodec.encodedBytes(message));
        MessageCodec.encode(message, bytes);
        return bytes.flip();
    }

    /** A frame of group 1. */
    static byte[] bytes(FrameKind kind, ByteBuffer body) {
        ByteBuf frame = Frame.of(UnpooledByteBufAllocator.DEFAULT, kind, 1, body);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes).release();
        return bytes;
    }

    Received receive() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        ByteBuffer body = ByteBuffer.wrap(frame);
        body.position(Frame.HEAD_BYTES);
        try {
            return new Received(FrameKind.of(frame[Frame.CRC_BYTES + 1]),
                    StandardCharsets.UTF_8.decode(body).toString());
        } catch (ProtocolException e) {
            throw new IOException(e);
        }
    }

    /** Receives a frame, and answers how long it was. */
    int receiveBytes() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame.length;
    }

    /** Waits until the other end closes; what comes before is thrown away. */
    boolean isClosedByOther() {
        try {
            int next;
            do {
                next = in.read();
            } while (next >= 0);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
