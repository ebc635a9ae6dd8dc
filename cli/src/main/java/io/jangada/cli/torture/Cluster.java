// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Members on free ports of loopback, each of which the others reach through a {@link PeerProxy} alone. Immutable but
 * for what its members and links are.
 */
final class Cluster implements AutoCloseable {
    /** Low, so that members that were away are sent snapshots. */
    private static final String SNAPSHOT_COUNT = "1000";
    private static final int PORTS_EACH = 2;

    private final List<Member> members = new ArrayList<>();
    private final List<PeerProxy> proxies = new ArrayList<>();
    private final Links links = new Links();

    /**
     * Members that do not run yet.
     *
     * @throws IOException if there are no free ports or the folder is not empty
     */
    Cluster(Plan plan) throws IOException {
        Files.createDirectories(plan.folder());
        try (Stream<Path> inside = Files.list(plan.folder())) {
            if (inside.findAny().isPresent()) {
                throw new IOException(plan.folder() + " is not empty");
            }
        }
        List<Member.Address> addresses = freeAddresses(plan.members());
        Dialler dialler = new Dialler(plan.members(), this::process);
        for (int i = 0; i < plan.members(); i++) {
            proxies.add(PeerProxy.open(i, addresses.get(i).peerPort(), links, dialler::member,
                    plan.seed() + i));
        }
        for (int i = 0; i < plan.members(); i++) {
            Member.Address address = addresses.get(i);
            members.add(new Member(address, command(plan, addresses, i),
                    plan.folder().resolve(address.name()),
                    plan.folder().resolve(address.name() + ".log")));
        }
    }

    private Optional<ProcessHandle> process(int member) {
        return members.get(member).process();
    }

    private List<String> command(Plan plan, List<Member.Address> addresses, int member) {
        Member.Address address = addresses.get(member);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            all.add(addresses.get(i).name() + "=" + peerUrl(i));
        }
        List<String> command = new ArrayList<>(plan.server());
        command.addAll(List.of("--name", address.name(),
                "--data-dir", plan.folder().resolve(address.name()).resolve("data").toString(),
                "--listen-client-urls", address.clientUrl(),
                "--advertise-client-urls", address.clientUrl(),
                "--listen-peer-urls", "http://127.0.0.1:" + address.peerPort(),
                "--initial-advertise-peer-urls", peerUrl(member),
                "--initial-cluster", String.join(",", all),
                "--initial-cluster-token", "torture-" + plan.seed(),
                "--snapshot-count", SNAPSHOT_COUNT));
        return command;
    }

    private String peerUrl(int member) {
        return "http://127.0.0.1:" + proxies.get(member).port();
    }

    /** All sockets are open at once, so that no port is given twice. */
    private static List<Member.Address> freeAddresses(int size) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < PORTS_EACH * size; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Member.Address> addresses = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                addresses.add(new Member.Address("m" + (i + 1),
                        sockets.get(PORTS_EACH * i).getLocalPort(),
                        sockets.get(PORTS_EACH * i + 1).getLocalPort()));
            }
            return addresses;
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    Links links() {
        return links;
    }

    /** Starts all that do not run. */
    void start() throws IOException {
        for (Member member : members) {
            Files.createDirectories(member.dataFolder());
            member.start();
        }
    }

    /** Whether every member answers and knows a leader. */
    boolean isReady() {
        return members.stream().allMatch(
                member -> member.status().filter(status -> status.getLeader() != 0).isPresent());
    }

    @Override
    public void close() throws IOException {
        members.forEach(Member::close);
        for (PeerProxy proxy : proxies) {
            proxy.close();
        }
    }
}
