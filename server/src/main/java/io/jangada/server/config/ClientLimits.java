// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import io.jangada.api.election.ElectionGrpc;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.lock.LockGrpc;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How much of a member clients may take. Immutable.
 *
 * @param connectionsMax open at once, at all client URLs together
 * @param rangesWaitingMax ranges and hashes that wait for a reader thread
 * @param responseBytesMax of answers that clients have not taken yet, on the heap; beyond, reads are refused
 * @param stallTimeout without progress until a connection whose client takes nothing is closed; 0 for never
 * @param streamResetsMax streams that a client may reset in {@link #RESETS_SECONDS}; 0 for any number
 * @param userRequestsPerSecond requests of one user; 0 for any number
 * @param methodRequestsPerSecond requests of a method by its bare name, such as {@code Range}; none for any number
 */
public record ClientLimits(int connectionsMax, int rangesWaitingMax, long responseBytesMax,
        Duration stallTimeout, int streamResetsMax, int userRequestsPerSecond,
        Map<String, Integer> methodRequestsPerSecond) {

    /** The time in which resets are counted. */
    public static final int RESETS_SECONDS = 30;

    /** What a member has without a flag that says otherwise. */
    public static final ClientLimits DEFAULT = new ClientLimits(32_768, 10_000,
            Runtime.getRuntime().maxMemory() / 4, Duration.ofMinutes(1), 2_000, 0, Map.of());

    public ClientLimits {
        methodRequestsPerSecond = Map.copyOf(methodRequestsPerSecond);
        if (connectionsMax < 1 || rangesWaitingMax < 1 || responseBytesMax < 1
                || stallTimeout.isNegative() || streamResetsMax < 0 || userRequestsPerSecond < 0
                || methodRequestsPerSecond.values().stream().anyMatch(rate -> rate < 1)) {
            throw new IllegalArgumentException("connections " + connectionsMax + ", ranges "
                    + rangesWaitingMax + ", bytes " + responseBytesMax + ", stall " + stallTimeout
                    + ", resets " + streamResetsMax + ", rates " + userRequestsPerSecond + " and "
                    + methodRequestsPerSecond);
        }
    }

    /* What can be limited: the calls of etcd's services. */
    private static Set<String> methods() {
        return Stream.of(KVGrpc.getServiceDescriptor(), WatchGrpc.getServiceDescriptor(),
                LeaseGrpc.getServiceDescriptor(), ClusterGrpc.getServiceDescriptor(),
                MaintenanceGrpc.getServiceDescriptor(), AuthGrpc.getServiceDescriptor(),
                LockGrpc.getServiceDescriptor(), ElectionGrpc.getServiceDescriptor())
                .flatMap(service -> service.getMethods().stream())
                .map(method -> String.valueOf(method.getBareMethodName()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Reads the flags.
     *
     * @throws ConfigException if one is malformed or out of range
     */
    static ClientLimits of(FlagValues flags) throws ConfigException {
        long bytes = flags.number("max-pending-response-bytes");
        Map<String, Integer> rates = rates(flags.text("rate-limit-methods"));
        return new ClientLimits(size(flags, "max-client-connections", 1),
                size(flags, "max-waiting-ranges", 1),
                atLeast("max-pending-response-bytes", 0, bytes) == 0
                        ? DEFAULT.responseBytesMax
                        : bytes,
                flags.duration("client-stall-timeout"), size(flags, "max-stream-resets", 0),
                size(flags, "rate-limit-per-user", 0), rates);
    }

    private static int size(FlagValues flags, String name, int min) throws ConfigException {
        return (int) atLeast(name, min, flags.size(name));
    }

    private static long atLeast(String flag, long min, long value) throws ConfigException {
        if (value < min) {
            throw new ConfigException("--" + flag + " is " + value + ", below " + min);
        }
        return value;
    }

    private static Map<String, Integer> rates(String text) throws ConfigException {
        Map<String, Integer> rates = new TreeMap<>();
        if (text.isBlank()) {
            return rates;
        }
        Set<String> methods = methods();
        for (String part : text.split(",", -1)) {
            String[] sides = part.strip().split("=", 2);
            if (sides.length < 2 || sides[0].isEmpty()) {
                throw new ConfigException("--rate-limit-methods: \"" + part
                        + "\" is not Method=requests per second");
            }
            if (!methods.contains(sides[0])) {
                throw new ConfigException("--rate-limit-methods: there is no method \"" + sides[0]
                        + "\"; methods are " + String.join(", ", methods));
            }
            long rate = atLeast("rate-limit-methods: " + sides[0], 1,
                    GoValues.number("--rate-limit-methods", sides[1].strip()));
            rates.put(sides[0], Math.clamp(rate, 1, Integer.MAX_VALUE));
        }
        return rates;
    }
}
