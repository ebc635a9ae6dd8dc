// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.time.Duration;

/**
 * How members look for one that holds something else than the others. Immutable.
 *
 * @param initialCheck whether a member compares before it serves
 * @param checkTime between two comparisons that the leader asks for; 0 for none
 * @param compactHashCheck whether histories are hashed at each compaction, and compared
 * @param compactHashCheckTime between two of these comparisons
 * @param rebuild whether a member that is named throws its state away and gets that of the others
 */
public record CorruptionConfig(boolean initialCheck, Duration checkTime, boolean compactHashCheck,
        Duration compactHashCheckTime, boolean rebuild) {

    /** etcd's: nothing is compared. */
    public static final CorruptionConfig DEFAULT = new CorruptionConfig(false, Duration.ZERO,
            false, Duration.ofMinutes(1), false);

    /**
     * Reads the flags: etcd 3.7's with its feature gates, and the names that they had before.
     *
     * @throws ConfigException if a value is malformed or a time is negative
     */
    static CorruptionConfig of(FlagValues flags) throws ConfigException {
        FeatureGates gates = FeatureGates.parse(flags.text("feature-gates"));
        Duration compactTime = either(flags, "compact-hash-check-time");
        if (!compactTime.isPositive()) {
            throw new ConfigException("--compact-hash-check-time is " + compactTime.toMillis()
                    + " ms, must be above 0");
        }
        Duration time = either(flags, "corrupt-check-time");
        if (time.isNegative()) {
            throw new ConfigException(
                    "--corrupt-check-time is " + time.toMillis() + " ms, below 0");
        }
        return new CorruptionConfig(
                gates.isOn("InitialCorruptCheck") || flags.bool("initial-corrupt-check")
                        || flags.bool("experimental-initial-corrupt-check"),
                time,
                gates.isOn("CompactHashCheck") || flags.bool("compact-hash-check-enabled")
                        || flags.bool("experimental-compact-hash-check-enabled"),
                compactTime, flags.bool("corrupt-member-rebuild"));
    }

    private static Duration either(FlagValues flags, String name) throws ConfigException {
        String old = "experimental-" + name;
        return flags.duration(flags.has(old) && !flags.has(name) ? old : name);
    }
}
