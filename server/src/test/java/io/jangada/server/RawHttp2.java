// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A client that speaks HTTP/2 frame by frame, and not as it should. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_CONCURRENT_STREAMS = 3;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    /** What came. */
    record Frame(int type, int flags, int stream, ByteString payload) {}

    /** Connects, and gives streams a window of {@code windowBytes}. */
    RawHttp2(int port, int windowBytes) throws IOException {
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(PREFACE);
        send(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE)
                .putInt(windowBytes).array());
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(frame(type, flags, stream, payload));
    }

    /** Sends many bytes, which are frames. */
    void send(byte[] frames) throws IOException {
        out.write(frames);
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length).put((byte) (payload.length >> 16))
                .putShort((short) payload.length).put((byte) type).put((byte) flags)
                .putInt(stream).put(payload).array();
    }

    /** Calls {@code method}, whole. */
    void call(int stream, String method, MessageLite request) throws IOException {
        send(HEADERS, END_HEADERS, stream, headers(method));
        byte[] message = request.toByteArray();
        send(DATA, END_STREAM, stream, ByteBuffer.allocate(5 + message.length).put((byte) 0)
                .putInt(message.length).put(message).array());
    }

    /** Literal fields, as HPACK has them, of a call. */
    static byte[] headers(String method) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        field(block, ":method", "POST");
        field(block, ":scheme", "http");
        field(block, ":path", "/" + method);
        field(block, ":authority", "localhost");
        field(block, "content-type", "application/grpc");
        field(block, "te", "trailers");
        return block.toByteArray();
    }

    static void field(ByteArrayOutputStream block, String name, String value)
            throws IOException {
        block.write(0);
        block.write(name.length());
        block.write(name.getBytes(StandardCharsets.US_ASCII));
        block.write(value.length());
        block.write(value.getBytes(StandardCharsets.US_ASCII));
    }

    /** The next frame; empty once the server has closed the connection. */
    Optional<Frame> read() throws IOException {
        try {
            int head = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[head >>> 8];
            in.readFully(payload);
            return Optional.of(new Frame(head & 0xff, flags, stream, ByteString.copyFrom(payload)));
        } catch (EOFException closed) {
            return Optional.empty();
        } catch (SocketException reset) {
            return Optional.empty();
        }
    }

    /** Reads on until the server closes the connection. */
    void readToEnd() throws IOException {
        while (read().isPresent()) {
            // What it says before does not matter.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
