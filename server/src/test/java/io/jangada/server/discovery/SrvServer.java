// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of the DNS that knows SRV records only (RFC 1035 4, RFC 2782). Thread-safe. */
final class SrvServer implements AutoCloseable {
    private static final int PACKET_BYTES_MAX = 512;
    private static final short SRV = 33;
    private static final short INTERNET = 1;
    private static final short ANSWER = (short) 0x8400;
    private static final int NO_SUCH_NAME = 3;
    private static final int SERVER_FAILURE = 2;

    private final DatagramSocket socket;
    private final List<Row> rows = new CopyOnWriteArrayList<>();
    /** Written by the test, read by the server's thread. */
    private volatile boolean fails;

    private record Row(String name, String host, int port) {}

    SrvServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::run);
    }

    String url() {
        return "dns://127.0.0.1:" + socket.getLocalPort();
    }

    void add(String name, String host, int port) {
        rows.add(new Row(name, host, port));
    }

    /** Answers with an error from now on. */
    void fail() {
        fails = true;
    }

    private void run() {
        byte[] bytes = new byte[PACKET_BYTES_MAX];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                socket.receive(packet);
                ByteBuffer answer = answer(ByteBuffer.wrap(bytes, 0, packet.getLength()));
                socket.send(new DatagramPacket(answer.array(), answer.position(),
                        packet.getSocketAddress()));
            }
        } catch (IOException ignored) {
            // Closed.
        }
    }

    private ByteBuffer answer(ByteBuffer query) {
        short id = query.getShort();
        query.position(12);
        String name = name(query);
        List<Row> found = rows.stream().filter(row -> row.name().equals(name)).toList();
        int code = fails ? SERVER_FAILURE : found.isEmpty() ? NO_SUCH_NAME : 0;
        ByteBuffer answer = ByteBuffer.allocate(PACKET_BYTES_MAX).putShort(id)
                .putShort((short) (ANSWER | code)).putShort((short) 1)
                .putShort((short) (code == 0 ? found.size() : 0)).putInt(0);
        put(name, answer).putShort(SRV).putShort(INTERNET);
        if (code == 0) {
            found.forEach(row -> put(row, answer));
        }
        return answer;
    }

    private static void put(Row row, ByteBuffer to) {
        put(row.name(), to).putShort(SRV).putShort(INTERNET).putInt(60)
                .putShort((short) (3 * Short.BYTES + row.host().length() + 2))
                .putShort((short) 0).putShort((short) 0).putShort((short) row.port());
        put(row.host(), to);
    }

    private static ByteBuffer put(String name, ByteBuffer to) {
        for (String label : name.split("\\.", -1)) {
            to.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        return to.put((byte) 0);
    }

    private static String name(ByteBuffer from) {
        StringBuilder name = new StringBuilder();
        for (int length = from.get(); length > 0; length = from.get()) {
            byte[] label = new byte[length];
            from.get(label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.US_ASCII));
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        socket.close();
    }
}
