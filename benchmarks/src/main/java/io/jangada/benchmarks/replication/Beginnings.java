// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What a group needs to begin: addresses, and a leader. Stateless. */
final class Beginnings {
    private static final long LEADER_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_MILLIS = 20;

    private Beginnings() {}

    /** {@code count} ports of the loopback address that nobody listened on a moment ago. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /**
     * The members, with the one that {@code leads} in front. Blocks.
     *
     * @throws IOException if none does within 30 s
     */
    static <M> List<M> leaderFirst(List<M> members, Function<M, Boolean> leads)
            throws IOException, InterruptedException {
        long begunNanos = System.nanoTime();
        while (System.nanoTime() - begunNanos < LEADER_NANOS) {
            Optional<M> leader = members.stream().filter(leads::apply).findFirst();
            if (leader.isPresent()) {
                List<M> ordered = new ArrayList<>(members);
                ordered.remove(leader.get());
                ordered.addFirst(leader.get());
                return List.copyOf(ordered);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new IOException("nobody leads after 30 s");
    }
}
