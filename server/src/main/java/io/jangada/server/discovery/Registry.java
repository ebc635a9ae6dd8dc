// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.server.config.RegistryConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another etcd, in which the members of a new cluster enter themselves and find each other
 * (etcd: server/etcdserver/api/v3discovery). Below {@code /_etcd/registry/TOKEN} an operator has put how many
 * they are, as {@code _config/size}; each member puts its name and peer URLs as {@code members/ID}. As many as
 * there are to be are the cluster, in the order of their keys' creation; one more is refused.
 *
 * <p>One that was stopped before it found all others finds its own entry again.
 */
public final class Registry {
    private static final Logger LOGGER = LoggerFactory.getLogger(Registry.class);
    private static final String PREFIX = "/_etcd/registry/";
    private static final int DOUBLINGS_MAX = 8;

    private final RegistryConfig config;
    private final Pause pause;
    private int failures;

    /** Waits between two attempts. */
    interface Pause {
        void seconds(long seconds) throws InterruptedException;
    }

    /** What is tried, maybe more than once. */
    private interface Attempt<T> {
        T run() throws DiscoveryException, InterruptedException;
    }

    /** The one that {@code config} describes. Connects to nothing yet. */
    public Registry(RegistryConfig config) {
        this(config, Registry::waitFor);
    }

    Registry(RegistryConfig config, Pause pause) {
        this.config = config;
        this.pause = pause;
    }

    /**
     * Enters a member, and waits until all have entered themselves; as long as the registry is not reached it
     * is tried again.
     *
     * @param memberId its id, by the token as the cluster's
     * @param entry {@code name=url}, or {@code name=url1,name=url2}
     * @return all members, in the form of {@code --initial-cluster}
     * @throws DiscoveryException if the cluster is full or has no size, or the registry refuses the user
     */
    public String join(long memberId, String entry) throws DiscoveryException {
        String key = members() + Long.toHexString(memberId);
        try (RegistryClient client = new RegistryClient(config)) {
            requirePlace(look(client), key);
            attempt("enter this member", () -> {
                client.put(key, entry);
                return true;
            });
            LOGGER.info("entered this member into the registry key={} value={}", key, entry);
            Entries entries = look(client);
            requirePlace(entries, key);
            while (!entries.isComplete()) {
                LOGGER.info("waiting for members registry={} found={} size={}", config,
                        entries.inOrder().size(), entries.size());
                long next = entries.revision() + 1;
                attempt("wait for members", () -> {
                    client.awaitChange(members(), next);
                    return true;
                });
                entries = look(client);
                requirePlace(entries, key);
            }
            LOGGER.info("found all members initial-cluster={}", entries.initialCluster());
            return entries.initialCluster();
        } catch (IllegalArgumentException unusable) {
            throw new DiscoveryException("discovery: " + unusable.getMessage(), unusable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException("discovery: interrupted", stopped);
        }
    }

    private String members() {
        return PREFIX + config.token() + "/members/";
    }

    private static void requirePlace(Entries entries, String key) throws DiscoveryException {
        if (entries.isFullWithout(key)) {
            throw new DiscoveryException("discovery: cluster is full: " + entries.size()
                    + " others have entered themselves, " + entries.initialCluster());
        }
    }

    private Entries look(RegistryClient client) throws DiscoveryException, InterruptedException {
        return attempt("look for members", () -> {
            int size = size(client);
            RangeResponse found = client.getAll(members());
            return new Entries(size, found.getHeader().getRevision(), found.getKvsList());
        });
    }

    private int size(RegistryClient client) throws DiscoveryException {
        String key = PREFIX + config.token() + "/_config/size";
        ByteString value = client.get(key).orElseThrow(() -> new DiscoveryException(
                "discovery: size key not found: nobody has put " + key));
        try {
            int size = Integer.parseInt(value.toStringUtf8());
            if (size > 0) {
                return size;
            }
        } catch (NumberFormatException ignored) {
            // As below.
        }
        throw new DiscoveryException(
                "discovery: size key is bad: " + key + " is \"" + value.toStringUtf8() + "\"");
    }

    private <T> T attempt(String what, Attempt<T> attempt)
            throws DiscoveryException, InterruptedException {
        while (true) {
            try {
                T result = attempt.run();
                failures = 0;
                return result;
            } catch (StatusRuntimeException failed) {
                long seconds = 1L << Math.min(++failures, DOUBLINGS_MAX);
                LOGGER.warn("cannot {} registry={} error=\"{}\" retry-seconds={}", what, config,
                        line(failed.getStatus()), seconds);
                pause.seconds(seconds);
            }
        }
    }

    private static String line(Status status) {
        Throwable cause = status.getCause();
        return status.getCode() + ": "
                + (cause == null ? status.getDescription() : cause.getMessage());
    }

    private static void waitFor(long seconds) throws InterruptedException {
        try {
            new CompletableFuture<Void>().completeOnTimeout(null, seconds, TimeUnit.SECONDS).get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
