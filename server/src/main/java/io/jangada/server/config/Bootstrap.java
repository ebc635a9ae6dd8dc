// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.util.List;
import java.util.stream.Stream;

/** From where a member without data has who the initial members are. Immutable. */
public sealed interface Bootstrap {
    /** From {@code --initial-cluster}. */
    record InitialCluster() implements Bootstrap {}

    /** From a registry, in which all of them enter themselves. */
    record Registry(RegistryConfig config) implements Bootstrap {}

    /**
     * From SRV records of the DNS.
     *
     * @param domain in which they are
     * @param suffix of the service's name; may be empty
     */
    record Dns(String domain, String suffix) implements Bootstrap {}

    /**
     * What {@code flags} say.
     *
     * @throws ConfigException if they say several things, or half of one
     */
    static Bootstrap of(FlagValues flags) throws ConfigException {
        String domain = flags.text("discovery-srv");
        boolean asksRegistry = isGiven(flags, "discovery-token")
                || isGiven(flags, "discovery-endpoints");
        List<String> given = Stream
                .of("initial-cluster", "discovery-token", "discovery-endpoints", "discovery-srv")
                .filter(name -> isGiven(flags, name)).map(name -> "--" + name).toList();
        if (given.size() > (asksRegistry ? 2 : 1)) {
            throw new ConfigException(String.join(", ", given)
                    + ": there is one way to find the initial members");
        }
        if (!flags.text("discovery-fallback").equals("exit")) {
            throw new ConfigException("--discovery-fallback is \""
                    + flags.text("discovery-fallback") + "\", not \"exit\"");
        }
        if (asksRegistry) {
            return new Registry(RegistryConfig.of(flags));
        }
        return domain.isEmpty()
                ? new InitialCluster()
                : new Dns(domain, flags.text("discovery-srv-name"));
    }

    private static boolean isGiven(FlagValues flags, String name) {
        return !flags.text(name).isEmpty();
    }
}
