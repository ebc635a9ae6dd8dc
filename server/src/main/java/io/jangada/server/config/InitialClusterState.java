// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

/** Whether a member without data begins a cluster or joins one (etcd: initial-cluster-state). */
public enum InitialClusterState {
    /** Begins the cluster with the other initial members. */
    NEW,
    /** Joins a cluster that runs. */
    EXISTING;

    /**
     * Reads etcd's spelling, {@code new} or {@code existing}.
     *
     * @throws ConfigException if it is neither
     */
    public static InitialClusterState parse(String text) throws ConfigException {
        return switch (text) {
            case "new" -> NEW;
            case "existing" -> EXISTING;
            default -> throw new ConfigException(
                    "--initial-cluster-state is \"" + text + "\", not \"new\" or \"existing\"");
        };
    }
}
