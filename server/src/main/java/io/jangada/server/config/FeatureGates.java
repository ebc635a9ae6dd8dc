// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * etcd's feature gates, as {@code Name=true,Name=false}. Most mean nothing here; those that do are asked
 * for by name. Immutable.
 *
 * @param values by name
 */
record FeatureGates(Map<String, Boolean> values) {
    /** etcd 3.7's, and its two that stand for several. */
    private static final List<String> KNOWN = List.of("AllAlpha", "AllBeta", "CompactHashCheck",
            "FastLeaseKeepAlive", "InitialCorruptCheck", "LeaseCheckpoint",
            "LeaseCheckpointPersist", "PriorityRequest", "SetMemberLocalAddr",
            "StopGRPCServiceOnDefrag", "TxnModeWriteWithSharedBuffer");

    FeatureGates {
        values = Map.copyOf(values);
    }

    /**
     * Reads the flag.
     *
     * @throws ConfigException if a part is not {@code Name=bool}, or etcd has no such gate
     */
    static FeatureGates parse(String text) throws ConfigException {
        Map<String, Boolean> values = new TreeMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw new ConfigException(
                        "--feature-gates: \"" + part + "\" is not Name=true or Name=false");
            }
            String name = part.substring(0, equals).strip();
            if (!KNOWN.contains(name)) {
                throw new ConfigException("--feature-gates: there is no gate \"" + name
                        + "\"; gates are " + String.join(", ", KNOWN));
            }
            values.put(name,
                    GoValues.bool("--feature-gates", part.substring(equals + 1).strip()));
        }
        return new FeatureGates(values);
    }

    /** Whether {@code name} is set to true. */
    boolean isOn(String name) {
        return values.getOrDefault(name, false);
    }
}
