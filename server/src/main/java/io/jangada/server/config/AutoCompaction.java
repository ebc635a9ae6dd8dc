// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.time.Duration;

/** How history is given up by itself (etcd: auto-compaction-mode and -retention). Immutable. */
public sealed interface AutoCompaction {

    /** Never. */
    record Off() implements AutoCompaction {}

    /**
     * What is older than {@code retention}.
     *
     * @param retention more than 0
     */
    record Periodic(Duration retention) implements AutoCompaction {}

    /**
     * All but the newest revisions.
     *
     * @param revisions how many are kept, more than 0
     */
    record Revisions(long revisions) implements AutoCompaction {}

    /**
     * Reads etcd's flags: a bare number is hours in mode {@code periodic}, revisions in mode
     * {@code revision}; {@code 0} or nothing is off; a Go duration such as {@code 1h30m} is a period.
     *
     * @throws ConfigException if mode or retention is none of these
     */
    static AutoCompaction parse(String mode, String retention) throws ConfigException {
        boolean isPeriodic = mode.equals("periodic");
        if (!isPeriodic && !mode.equals("revision")) {
            throw new ConfigException("--auto-compaction-mode is \"" + mode
                    + "\", not \"periodic\" or \"revision\"");
        }
        if (retention.isEmpty() || retention.equals("0")) {
            return new Off();
        }
        if (retention.chars().allMatch(c -> c >= '0' && c <= '9') && retention.length() < 18) {
            long number = Long.parseLong(retention);
            if (number == 0) {
                return new Off();
            }
            return isPeriodic ? new Periodic(Duration.ofHours(number)) : new Revisions(number);
        }
        if (!isPeriodic) {
            throw new ConfigException("--auto-compaction-retention is \"" + retention
                    + "\", not a number of revisions");
        }
        Duration period = GoDuration.parse("--auto-compaction-retention", retention);
        return period.isZero() ? new Off() : new Periodic(period);
    }
}
