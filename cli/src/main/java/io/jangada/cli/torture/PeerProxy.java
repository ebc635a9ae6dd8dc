// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.jangada.cli.torture.Links.Link;
import io.jangada.cli.torture.Links.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntBinaryOperator;

/**
 * A port that leads to a member's peer port, for what the other members send there and what comes back, by the rules of
 * {@link Links}. Connections broken here end with a reset, as those of a machine that lost its state.
 *
 * <p>One thread accepts; each connection has two virtual threads that carry bytes and one that waits for its drop.
 * Thread-safe: what they share is {@link Links} and a concurrent set of sockets.
 */
final class PeerProxy implements AutoCloseable {
    private static final int PIECE_BYTES_MAX = 1 << 16;
    private static final int CONNECT_MILLIS_MAX = 2_000;

    private final ServerSocket server;
    private final int member;
    private final int target;
    private final Links links;
    private final IntBinaryOperator dialler;
    private final SplittableRandom random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private PeerProxy(ServerSocket server, int member, int target, Links links,
            IntBinaryOperator dialler, long seed) {
        this.server = server;
        this.member = member;
        this.target = target;
        this.links = links;
        this.dialler = dialler;
        random = new SplittableRandom(seed);
    }

    /**
     * Begins to accept, on a free port of loopback.
     *
     * @param member whose proxy it is
     * @param target the port of loopback where that member listens
     * @param dialler the member that made a connection, from its port and to its port
     * @param seed decides which bytes are changed
     */
    static PeerProxy open(int member, int target, Links links, IntBinaryOperator dialler,
            long seed) throws IOException {
        ServerSocket server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        PeerProxy proxy = new PeerProxy(server, member, target, links, dialler, seed);
        Thread.ofPlatform().daemon().name("peer-proxy-" + member).start(proxy::accept);
        return proxy;
    }

    /** The port to dial. */
    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket dialled = server.accept();
                SplittableRandom own = random.split();
                Thread.ofVirtual().start(() -> connect(dialled, own));
            } catch (IOException ignored) {
                return; // Closed.
            }
        }
    }

    private void connect(Socket dialled, SplittableRandom chance) {
        open.add(dialled);
        int from = dialler.applyAsInt(dialled.getPort(), port());
        Link there = new Link(from, member);
        Link back = new Link(member, from);
        Socket onward = new Socket();
        open.add(onward);
        if (links.rule(there) instanceof Rule.Drop || links.rule(back) instanceof Rule.Drop) {
            reset(dialled, onward);
            return;
        }
        try {
            onward.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                    CONNECT_MILLIS_MAX);
            dialled.setOption(StandardSocketOptions.TCP_NODELAY, true);
            onward.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException ignored) {
            reset(dialled, onward); // The member is down.
            return;
        }
        SplittableRandom other = chance.split();
        Thread dropping = Thread.ofVirtual().start(() -> awaitDrop(there, back, dialled, onward));
        Thread.ofVirtual().start(() -> carry(dialled, onward, there, chance, dropping));
        Thread.ofVirtual().start(() -> carry(onward, dialled, back, other, dropping));
        if (server.isClosed()) {
            reset(dialled, onward);
        }
    }

    private void awaitDrop(Link there, Link back, Socket dialled, Socket onward) {
        try {
            links.awaitDrop(there, back);
            reset(dialled, onward);
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt(); // The connection has ended by itself.
        }
    }

    private void carry(Socket source, Socket sink, Link link, SplittableRandom chance,
            Thread dropping) {
        byte[] piece = new byte[PIECE_BYTES_MAX];
        try {
            InputStream in = source.getInputStream();
            OutputStream out = sink.getOutputStream();
            for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
                Rule rule = links.awaitPassage(link);
                if (rule instanceof Rule.Delay delay) {
                    TimeUnit.NANOSECONDS.sleep(delay.by().toNanos());
                    links.awaitPassage(link);
                } else if (rule instanceof Rule.Corrupt corrupt
                        && chance.nextInt(1_000) < corrupt.permille()) {
                    piece[chance.nextInt(size)] ^= (byte) (1 << chance.nextInt(8));
                }
                out.write(piece, 0, size);
            }
            links.awaitPassage(link); // An end of a connection is cut off as its bytes are.
        } catch (IOException ignored) {
            // One end is gone, and so is the other in a moment.
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
        dropping.interrupt();
        reset(source, sink);
    }

    private void reset(Socket dialled, Socket onward) {
        close(dialled);
        close(onward);
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        } catch (IOException ignored) {
            // Closed already.
        }
    }

    /** Closes the port and all connections. */
    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(this::close);
    }
}
