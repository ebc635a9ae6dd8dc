// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.jangada.api.etcd.StatusResponse;
import io.jangada.server.StartException;
import io.jangada.server.cluster.ClusterIds;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A cluster in this process that speaks etcd's API: real members with all that a server has, on ports of the
 * loopback address, with their data in a temporary folder. Any etcd client connects to {@link #endpoints}.
 *
 * <p>Members can be stopped and started, and cut off from each other: what a {@link #partition} cuts is
 * Raft's traffic; clients reach every member that runs. Thread-safe.
 */
public final class EtcdCluster implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(2).toNanos();
    private static final String TOKEN = "testkit";

    private final List<EtcdMember> members = new ArrayList<>();
    private final Links links = new Links();
    private final Path folder;

    /** What a cluster is made of. For one thread. */
    public static final class Builder {
        private static final int MEMBERS_MAX = 7;

        private int members = 1;
        private UnaryOperator<ServerConfig.Builder> options = UnaryOperator.identity();

        private Builder() {}

        /**
         * How many members there are; default 1.
         *
         * @throws IllegalArgumentException if {@code count} is not from 1 to 7
         */
        public Builder members(int count) {
            if (count < 1 || count > MEMBERS_MAX) {
                throw new IllegalArgumentException(
                        "members: " + count + ", not from 1 to " + MEMBERS_MAX);
            }
            members = count;
            return this;
        }

        /** What else each member is told; URLs, names and folders are the cluster's. */
        public Builder options(UnaryOperator<ServerConfig.Builder> more) {
            options = more;
            return this;
        }

        /**
         * Starts the cluster, and waits until every member serves.
         *
         * @throws IOException if there is no folder for it
         * @throws StartException if a member cannot start
         */
        public EtcdCluster start() throws IOException, StartException {
            EtcdCluster cluster = new EtcdCluster(members, options);
            try {
                cluster.startAll();
                cluster.awaitReady();
            } catch (StartException | RuntimeException failed) {
                cluster.close();
                throw failed;
            }
            return cluster;
        }
    }

    private EtcdCluster(int count, UnaryOperator<ServerConfig.Builder> options)
            throws IOException, StartException {
        folder = Files.createTempDirectory("jangada-testkit");
        boolean isMade = false;
        try {
            make(count, options);
            isMade = true;
        } finally {
            if (!isMade) {
                members.forEach(EtcdMember::close);
                Files.deleteIfExists(folder);
            }
        }
    }

    private void make(int count, UnaryOperator<ServerConfig.Builder> options)
            throws IOException, StartException {
        Map<String, String> peerUrls = new HashMap<>();
        for (int i = 1; i <= count; i++) {
            peerUrls.put("m" + i, "http://127.0.0.1:" + Ports.free());
        }
        String initial = peerUrls.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .sorted().collect(Collectors.joining(","));
        for (int i = 1; i <= count; i++) {
            String name = "m" + i;
            String peerUrl = Objects.requireNonNull(peerUrls.get(name));
            URI endpoint = URI.create("http://127.0.0.1:" + Ports.free());
            try {
                members.add(new EtcdMember(links, ClusterIds.memberId(List.of(peerUrl), TOKEN),
                        endpoint,
                        options.apply(ServerConfig.builder(name, folder.resolve(name))
                                .heartbeatIntervalMillis(20).electionTimeoutMillis(300))
                                .listenClientUrls(endpoint.toString())
                                .advertiseClientUrls(endpoint.toString())
                                .listenPeerUrls(peerUrl).initialAdvertisePeerUrls(peerUrl)
                                .initialCluster(initial).initialClusterToken(TOKEN).build()));
            } catch (ConfigException refused) {
                throw new StartException(String.valueOf(refused.getMessage()), refused);
            }
        }
    }

    /** A cluster to be. */
    public static Builder builder() {
        return new Builder();
    }

    /** All members, running or not, in the order of their names. */
    public List<EtcdMember> members() {
        return List.copyOf(members);
    }

    /** Where all members serve clients. */
    public List<URI> endpoints() {
        return members.stream().map(EtcdMember::endpoint).toList();
    }

    /** Starts all members that do not run; see {@link EtcdMember#start}. */
    public void startAll() throws StartException {
        for (EtcdMember member : members) {
            member.start();
        }
    }

    /**
     * Waits until every member that runs serves.
     *
     * @throws StartException if one stops before
     * @throws IllegalStateException if that takes more than 30 s
     */
    public void awaitReady() throws StartException {
        for (EtcdMember member : members) {
            CompletableFuture<Void> ready = member.ready();
            if (ready != null) {
                awaitReady(member, ready);
            }
        }
    }

    private static void awaitReady(EtcdMember member, CompletableFuture<Void> ready)
            throws StartException {
        try {
            ready.get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException stopped) {
            throw new StartException(member + " stopped: "
                    + stopped.getMessage(), stopped);
        } catch (TimeoutException late) {
            throw new IllegalStateException(member + " does not serve after " + WAIT_MAX,
                    late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /**
     * The member that leads a majority which it can talk to; waits for one.
     *
     * @throws IllegalStateException if there is none after 30 s
     */
    public EtcdMember leader() {
        long endNanos = System.nanoTime() + WAIT_MAX.toNanos();
        while (System.nanoTime() - endNanos < 0) {
            Optional<EtcdMember> leader = followed();
            if (leader.isPresent()) {
                return leader.get();
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        throw new IllegalStateException("no leader after " + WAIT_MAX);
    }

    private Optional<EtcdMember> followed() {
        List<StatusResponse> answers = members.stream().map(EtcdMember::status)
                .flatMap(Optional::stream).toList();
        return members.stream().filter(EtcdMember::isRunning).filter(member -> answers.stream()
                .filter(answer -> isLed(answer, member))
                .collect(Collectors.groupingBy(StatusResponse::getRaftTerm, Collectors.counting()))
                .values().stream().anyMatch(followers -> followers > members.size() / 2))
                .findFirst();
    }

    private boolean isLed(StatusResponse answer, EtcdMember leader) {
        long id = answer.getHeader().getMemberId();
        return answer.getLeader() == leader.id() && !links.isCut(leader.id(), id)
                && !links.isCut(id, leader.id());
    }

    /**
     * Cuts {@code some} off from all other members, in both directions, until {@link #heal}; they still hear
     * each other. What is on its way between two sides is lost.
     *
     * @throws IllegalArgumentException if one is no member of this cluster
     */
    public void partition(EtcdMember... some) {
        for (EtcdMember one : some) {
            if (!members.contains(one)) {
                throw new IllegalArgumentException("not of this cluster: " + one);
            }
        }
        Set<Long> inside = Arrays.stream(some).map(EtcdMember::id).collect(Collectors.toSet());
        links.cut(inside, members.stream().map(EtcdMember::id)
                .filter(Predicate.not(inside::contains)).toList());
    }

    /** Ends all partitions. */
    public void heal() {
        links.heal();
    }

    /** Stops all members and deletes their data. Idempotent. */
    @Override
    public void close() {
        members.parallelStream().forEach(EtcdMember::close);
        try {
            if (Files.exists(folder)) {
                MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        } catch (IOException left) {
            throw new UncheckedIOException("cannot delete " + folder, left);
        }
    }
}
