// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Which ports the demo uses: etcd's where they are free, else any. They are kept beside the data, because a member's
 * address is part of the membership.
 */
final class DemoPorts {
    private static final String FILE = "demo.properties";
    private static final int[] PREFERRED_CLIENT_PORTS = {2379, 22379, 32379};

    private DemoPorts() {}

    /** Those of an earlier run with the same folder, or new ones, which are written down. */
    static List<DemoMember.Address> choose(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            return read(file);
        }
        List<DemoMember.Address> addresses = free();
        write(file, addresses);
        return addresses;
    }

    /** Any that are free, and none that clients try by themselves: for members that nobody is to meet. */
    static List<DemoMember.Address> any() throws IOException {
        var addresses = new ArrayList<DemoMember.Address>();
        for (int i = 1; i <= PREFERRED_CLIENT_PORTS.length; i++) {
            addresses.add(new DemoMember.Address("m" + i, anyPort(), anyPort()));
        }
        return addresses;
    }

    private static List<DemoMember.Address> free() throws IOException {
        var addresses = new ArrayList<DemoMember.Address>();
        for (int i = 0; i < PREFERRED_CLIENT_PORTS.length; i++) {
            int client = PREFERRED_CLIENT_PORTS[i];
            addresses.add(
                    new DemoMember.Address("m" + (i + 1), freePort(client), freePort(client + 1)));
        }
        return addresses;
    }

    private static int freePort(int preferred) throws IOException {
        return isFree(preferred) ? preferred : anyPort();
    }

    private static int anyPort() throws IOException {
        try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException ignored) {
            return false; // Which is the answer.
        }
    }

    private static List<DemoMember.Address> read(Path file) throws IOException {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        var addresses = new ArrayList<DemoMember.Address>();
        for (int i = 1; i <= PREFERRED_CLIENT_PORTS.length; i++) {
            String name = "m" + i;
            addresses
                    .add(new DemoMember.Address(name, port(file, properties, name + ".client-port"),
                            port(file, properties, name + ".peer-port")));
        }
        return addresses;
    }

    private static int port(Path file, Properties properties, String key) {
        String text = properties.getProperty(key, "");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(file + ": " + key + " is '" + text + "', not a port",
                    e);
        }
    }

    private static void write(Path file, List<DemoMember.Address> addresses) throws IOException {
        var properties = new Properties();
        for (DemoMember.Address address : addresses) {
            properties.setProperty(address.name() + ".client-port",
                    Integer.toString(address.clientPort()));
            properties.setProperty(address.name() + ".peer-port",
                    Integer.toString(address.peerPort()));
        }
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            properties.store(writer, "Where the members of jangada demo listen");
        }
    }
}
