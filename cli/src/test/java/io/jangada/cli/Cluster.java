// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.HashKVRequest;
import io.jangada.api.etcd.HashKVResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.StatusResponse;
import io.jangada.api.mvcc.KeyValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A cluster of real processes on free ports of loopback. Used by one thread, except for the members' stubs. */
final class Cluster implements AutoCloseable {
    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

    private final List<MemberProcess> members = new CopyOnWriteArrayList<>();
    private final List<DemoMember.Address> addresses;
    private final Path folder;
    private final Transport transport;

    /** Members that are not started yet, with {@code options} besides names and addresses. */
    Cluster(int size, Path folder, String... options) throws IOException {
        this(Transport.PLAIN, size, folder, options);
    }

    /** The same, reached by {@code transport}. */
    Cluster(Transport transport, int size, Path folder, String... options) throws IOException {
        this.transport = transport;
        Files.createDirectories(folder);
        this.folder = folder;
        addresses = new ArrayList<>(freeAddresses(size));
        for (DemoMember.Address address : addresses) {
            members.add(MemberProcess.of(address, addresses, folder, List.of(options), transport));
        }
    }

    /** All sockets are open at once, so that no port is given twice. */
    static List<DemoMember.Address> freeAddresses(int size) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        for (int i = 0; i < 2 * size; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        var addresses = new ArrayList<DemoMember.Address>();
        for (int i = 0; i < size; i++) {
            addresses.add(new DemoMember.Address("m" + (i + 1), sockets.get(2 * i).getLocalPort(),
                    sockets.get(2 * i + 1).getLocalPort()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return addresses;
    }

    /** Starts all members; none is left running where that fails. */
    Cluster start() throws IOException {
        boolean started = false;
        try {
            for (MemberProcess member : members) {
                member.start();
            }
            awaitLeaderEverywhere();
            started = true;
            return this;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /** A free place for a member that is to be added. */
    static DemoMember.Address freeAddress(String name) throws IOException {
        DemoMember.Address free = freeAddresses(1).getFirst();
        return new DemoMember.Address(name, free.clientPort(), free.peerPort());
    }

    /** Starts a member that was added. */
    MemberProcess join(DemoMember.Address address) throws IOException {
        addresses.add(address);
        MemberProcess joined = MemberProcess.of(address, addresses, folder,
                List.of("--initial-cluster-state", "existing"), transport);
        joined.start();
        members.add(joined);
        return joined;
    }

    /** {@code member} was removed, and is gone. */
    void forget(MemberProcess member) {
        addresses.removeIf(one -> one.clientEndpoint().equals(member.clientEndpoint()));
        members.remove(member);
        member.close();
    }

    /** The members, as they are at each moment. */
    List<MemberProcess> members() {
        return members;
    }

    String endpoints() {
        return String.join(",", members.stream().map(MemberProcess::clientEndpoint).toList());
    }

    Optional<MemberProcess> leader() {
        return members.stream().filter(MemberProcess::isAlive).filter(MemberProcess::leads)
                .findFirst();
    }

    MemberProcess awaitLeader() {
        await("a leader", 20, () -> leader().isPresent());
        return leader().orElseThrow();
    }

    /** Until every member knows a leader. */
    void awaitLeaderEverywhere() {
        try {
            await("a leader known to all", 30, () -> members.stream().allMatch(
                    member -> member.status().filter(s -> s.getLeader() != 0).isPresent()));
        } catch (AssertionError late) {
            throw new AssertionError(members.stream().map(MemberProcess::lastLogged).toList()
                    .toString(), late);
        }
    }

    /** Until all members that run have applied the same index. */
    void awaitEqualIndex() {
        await("equal applied indexes", 60, () -> {
            List<Optional<StatusResponse>> all = members.stream().map(MemberProcess::status)
                    .toList();
            return all.stream().allMatch(Optional::isPresent)
                    && all.stream().map(s -> s.orElseThrow().getRaftAppliedIndex()).distinct()
                            .count() == 1
                    && all.stream().allMatch(s -> s.orElseThrow().getRaftAppliedIndex() >= s
                            .orElseThrow().getRaftIndex());
        });
    }

    /** The members' own data are equal, by their hashes and by what they read. */
    Map<String, String> assertEqualData() {
        awaitEqualIndex();
        List<HashKVResponse> hashes = members.stream()
                .map(m -> m.maintenance().hashKV(HashKVRequest.getDefaultInstance())).toList();
        assertThat(hashes.stream().map(HashKVResponse::getHash).distinct()).as("hashes %s", hashes)
                .hasSize(1);
        List<Map<String, String>> contents = members.stream().map(Cluster::contents).toList();
        assertThat(contents.stream().distinct()).as("the members' data").hasSize(1);
        return contents.getFirst();
    }

    static Map<String, String> contents(MemberProcess member) {
        var contents = new HashMap<String, String>();
        for (KeyValue pair : member.kv(10_000)
                .range(RangeRequest.newBuilder().setKey(ALL).setRangeEnd(ALL).setSerializable(true)
                        .build())
                .getKvsList()) {
            contents.put(pair.getKey().toStringUtf8(), pair.getValue().toStringUtf8());
        }
        return contents;
    }

    /** Looks until {@code condition} holds; fails after {@code seconds}. */
    static void await(String what, int seconds, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("waited %s s for %s", seconds, what)
                    .isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() {
        members.forEach(MemberProcess::close);
    }
}
