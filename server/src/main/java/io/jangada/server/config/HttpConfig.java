// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is served over HTTP/1.1, and to whom. Immutable.
 *
 * @param listenClientHttpUrls where clients' HTTP is served; if there are any, the client URLs serve gRPC
 *     only
 * @param listenMetricsUrls where metrics and health are served besides
 * @param corsOrigins origins whose pages may read answers; {@code *} for all
 * @param hostWhitelist host names that a request may be for; {@code *} for all
 * @param gateway whether the API is served as JSON
 */
public record HttpConfig(List<ServerUrl> listenClientHttpUrls, List<ServerUrl> listenMetricsUrls,
        Set<String> corsOrigins, Set<String> hostWhitelist, boolean gateway) {

    /** All hosts and origins, JSON, and nothing but the client URLs. */
    public static final HttpConfig DEFAULT = new HttpConfig(List.of(), List.of(), Set.of("*"),
            Set.of("*"), true);

    public HttpConfig {
        listenClientHttpUrls = List.copyOf(listenClientHttpUrls);
        listenMetricsUrls = List.copyOf(listenMetricsUrls);
        corsOrigins = Set.copyOf(corsOrigins);
        hostWhitelist = Set.copyOf(hostWhitelist);
    }

    /** Reads names that are separated by commas; none is all, as in etcd. */
    public static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        for (String name : text.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names.isEmpty() ? Set.of("*") : Set.copyOf(names);
    }

    /** Whether pages of every origin may read answers. */
    public boolean allowsAllOrigins() {
        return corsOrigins.contains("*");
    }

    /** Whether pages of {@code origin} may read answers. */
    public boolean allowsOrigin(String origin) {
        return allowsAllOrigins() || corsOrigins.contains(origin);
    }

    /** Whether a request may be for {@code host}, a name without a port. */
    public boolean allowsHost(String host) {
        return hostWhitelist.contains("*") || hostWhitelist.contains(host);
    }
}
