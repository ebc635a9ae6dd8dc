// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.network.HostPort;
import io.jangada.network.tcp.TcpInquiry;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.Roster;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * How a member that was added finds out which one it is: it asks the members that it is told of, on their
 * peer ports, for the cluster's id and members, and looks for its own peer URLs. For the starting thread.
 */
final class Joining {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ServerConfig config;
    private final TcpInquiry inquiry;
    private final long group;

    Joining(ServerConfig config, TcpInquiry inquiry, long group) {
        this.config = config;
        this.inquiry = inquiry;
        this.group = group;
    }

    /**
     * Asks one after the other, and again for a while: one may not have heard yet that this member was
     * added.
     */
    DataDirectory.Identity identity() throws StartException {
        List<HostPort> others = others();
        if (others.isEmpty()) {
            throw new StartException("--initial-cluster-state is existing, but --initial-cluster"
                    + " names no other member to ask");
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            StringBuilder failures = new StringBuilder();
            for (HostPort other : others) {
                Optional<DataDirectory.Identity> found = ask(other, failures);
                if (found.isPresent()) {
                    return found.get();
                }
            }
            if (System.nanoTime() - end > 0) {
                throw new StartException("cannot join:" + failures);
            }
            pause();
        }
    }

    private List<HostPort> others() {
        return config.initialCluster().entrySet().stream()
                .filter(member -> !member.getKey().equals(config.name()))
                .flatMap(member -> member.getValue().stream()).map(ServerUrl::hostPort).distinct()
                .toList();
    }

    private Optional<DataDirectory.Identity> ask(HostPort other, StringBuilder failures)
            throws StartException {
        try {
            Bytes answer = inquiry.ask(other, group).get();
            Optional<Roster> roster = Roster.decode(answer);
            Optional<DataDirectory.Identity> found = roster.flatMap(this::identity);
            if (found.isEmpty()) {
                failures.append(' ').append(text(other)).append(" knows no member at ")
                        .append(config.initialAdvertisePeerUrls()).append(';');
            }
            return found;
        } catch (ExecutionException failed) {
            failures.append(' ').append(text(other)).append(": ")
                    .append(String.valueOf(failed.getCause() == null
                            ? failed.getMessage()
                            : failed.getCause().getMessage()))
                    .append(';');
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", stopped);
        }
    }

    private Optional<DataDirectory.Identity> identity(Roster roster) {
        Map<Set<HostPort>, String> names = new HashMap<>();
        config.initialCluster().forEach((name, urls) -> names.put(addresses(urls), name));
        Set<HostPort> own = addresses(config.initialAdvertisePeerUrls());
        Map<Long, List<String>> urls = new TreeMap<>();
        Map<Long, String> named = new TreeMap<>();
        long self = 0;
        String scheme = config.listenPeerUrls().getFirst().isTls() ? "https://" : "http://";
        for (Member member : roster.members()) {
            Set<HostPort> at = new HashSet<>(member.addresses());
            self = at.equals(own) ? member.id() : self;
            urls.put(member.id(), member.addresses().stream().map(Joining::text)
                    .map(one -> scheme + one).toList());
            named.put(member.id(), names.getOrDefault(at, ""));
        }
        return self == 0
                ? Optional.empty()
                : Optional.of(new DataDirectory.Identity(roster.clusterId(), self, urls, named));
    }

    private static Set<HostPort> addresses(List<ServerUrl> urls) {
        Set<HostPort> addresses = new HashSet<>();
        urls.forEach(url -> addresses.add(url.hostPort()));
        return addresses;
    }

    private static String text(HostPort at) {
        return (at.host().contains(":") ? "[" + at.host() + "]" : at.host()) + ":" + at.port();
    }

    private static void pause() throws StartException {
        try {
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, PAUSE.toMillis(), TimeUnit.MILLISECONDS).get();
        } catch (InterruptedException | ExecutionException stopped) {
            throw new StartException("interrupted", stopped);
        }
    }
}
