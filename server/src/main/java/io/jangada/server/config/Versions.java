// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

/** What this server says it is to etcd's clients and tools. */
public final class Versions {
    /** The version of etcd whose API this is. */
    public static final String ETCD = "3.7.1";
    /** The version that the cluster runs at. */
    public static final String CLUSTER = "3.7.0";
    /** The version of the stored state, as etcd would name it. */
    public static final String STORAGE = "3.7.0";

    private Versions() {}
}
