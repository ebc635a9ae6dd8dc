// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How a member reaches the etcd in which new members enter themselves: the flags {@code --discovery-...}.
 * Immutable; its text has no password.
 *
 * @param token names the new cluster there, and is its token
 * @param endpoints {@code host:port}, with or without {@code http://} or {@code https://}; at least one
 * @param times how long is waited
 * @param tls how connections are encrypted
 * @param user who asks; empty for nobody
 * @param password of the user
 */
public record RegistryConfig(String token, List<String> endpoints, Times times, Tls tls,
        String user, String password) {

    /**
     * How long is waited.
     *
     * @param dial for a connection
     * @param request for an answer, after the connection was made
     * @param keepalive between two signs of life
     * @param keepaliveTimeout for the answer to one
     */
    public record Times(Duration dial, Duration request, Duration keepalive,
            Duration keepaliveTimeout) {
        /** etcd's defaults. */
        public static final Times DEFAULT = new Times(Duration.ofSeconds(2), Duration.ofSeconds(5),
                Duration.ofSeconds(2), Duration.ofSeconds(6));
    }

    /**
     * How connections are encrypted.
     *
     * @param byDefault whether endpoints without a scheme are
     * @param takesEveryone whether certificates are not checked: for tests only
     * @param certificate file of what is shown, PEM; may be empty
     * @param key file of its private key, PEM; empty as the certificate is
     * @param authority file of the authorities of the others' certificates, PEM; empty for those of the JDK
     */
    public record Tls(boolean byDefault, boolean takesEveryone, String certificate, String key,
            String authority) {
        /** None, unless an endpoint is {@code https}. */
        public static final Tls PLAIN = new Tls(false, false, "", "", "");
    }

    public RegistryConfig {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * What {@code flags} say.
     *
     * @throws ConfigException if a part is missing
     */
    static RegistryConfig of(FlagValues flags) throws ConfigException {
        String token = flags.text("discovery-token");
        List<String> endpoints = Arrays
                .stream(flags.text("discovery-endpoints").split(",", -1)).map(String::strip)
                .filter(one -> !one.isEmpty()).toList();
        if (token.isEmpty() || endpoints.isEmpty()) {
            throw new ConfigException(
                    "--discovery-token and --discovery-endpoints belong together");
        }
        String user = flags.text("discovery-user");
        String password = flags.text("discovery-password");
        int colon = user.indexOf(':');
        if (!user.isEmpty() && password.isEmpty()) {
            if (colon < 0) {
                throw new ConfigException("--discovery-user has no password: it is user:password,"
                        + " or --discovery-password has it");
            }
            password = user.substring(colon + 1);
            user = user.substring(0, colon);
        }
        return new RegistryConfig(token, endpoints, times(flags), tls(flags), user, password);
    }

    private static Times times(FlagValues flags) throws ConfigException {
        return new Times(positive(flags, "discovery-dial-timeout"),
                positive(flags, "discovery-request-timeout"),
                positive(flags, "discovery-keepalive-time"),
                positive(flags, "discovery-keepalive-timeout"));
    }

    private static Duration positive(FlagValues flags, String name) throws ConfigException {
        Duration value = flags.duration(name);
        if (value.toMillis() < 1) {
            throw new ConfigException("--" + name + " is " + flags.text(name)
                    + ", must be at least 1 ms");
        }
        return value;
    }

    private static Tls tls(FlagValues flags) throws ConfigException {
        String certificate = flags.text("discovery-cert");
        String key = flags.text("discovery-key");
        String authority = flags.text("discovery-cacert");
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new ConfigException("--discovery-cert and --discovery-key belong together");
        }
        boolean isAsked = !certificate.isEmpty() || !authority.isEmpty()
                || !flags.bool("discovery-insecure-transport");
        return new Tls(isAsked, flags.bool("discovery-insecure-skip-tls-verify"), certificate, key,
                authority);
    }

    @Override
    public String toString() {
        return token + " at " + String.join(",", endpoints);
    }
}
