// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

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

    /**
     * Reads the flags.
     *
     * @throws ConfigException if one is malformed or out of range
     */
    static ClientLimits of(FlagValues flags) throws ConfigException {
        long bytes = flags.number("max-pending-response-bytes");
        Map<String, Integer> rates = rates(flags.text("rate-limit-methods"));
        try {
            return new ClientLimits(flags.size("max-client-connections"),
                    flags.size("max-waiting-ranges"), bytes == 0 ? DEFAULT.responseBytesMax : bytes,
                    flags.duration("client-stall-timeout"), flags.size("max-stream-resets"),
                    flags.size("rate-limit-per-user"), rates);
        } catch (IllegalArgumentException outOfRange) {
            throw new ConfigException("limits of clients are out of range: "
                    + outOfRange.getMessage());
        }
    }

    private static Map<String, Integer> rates(String text) throws ConfigException {
        Map<String, Integer> rates = new TreeMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            String[] sides = part.strip().split("=", 2);
            if (sides.length < 2 || sides[0].isEmpty()) {
                throw new ConfigException("--rate-limit-methods: \"" + part
                        + "\" is not Method=requests per second");
            }
            rates.put(sides[0], Math.clamp(GoValues.number("--rate-limit-methods", sides[1]),
                    Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        return rates;
    }
}
