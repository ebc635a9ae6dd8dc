// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address for members, which keep theirs over a stop. */
final class Ports {
    /** Below those that systems give to connections, so that none takes the port of a member that is stopped. */
    private static final int FIRST = 10_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS_MAX = 1_000;

    private Ports() {}

    /**
     * One at which nobody listens now.
     *
     * @throws IOException if none is found
     */
    static int free() throws IOException {
        IOException busy = new IOException("no free port from " + FIRST + " to " + (END - 1));
        for (int left = ATTEMPTS_MAX; left > 0; left--) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException taken) {
                busy.addSuppressed(taken);
            }
        }
        throw busy;
    }
}
