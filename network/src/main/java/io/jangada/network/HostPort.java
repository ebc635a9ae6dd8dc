// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

/**
 * Where a member listens. Immutable.
 *
 * @param host a name, or an IPv4 or IPv6 address without brackets
 * @param port in [0, 65535]; 0 only to listen on, where it means any free one
 */
public record HostPort(String host, int port) {
    public HostPort {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not in [0, 65535]");
        }
    }

    /** As in a URL: {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
