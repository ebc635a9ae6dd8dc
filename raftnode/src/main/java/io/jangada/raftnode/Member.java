// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import java.util.List;

/**
 * A member of a group and where it listens for its peers. Immutable.
 *
 * @param id never 0
 * @param addresses tried in turn; none where the network knows the way by itself
 */
public record Member(long id, List<HostPort> addresses) {
    public Member {
        addresses = List.copyOf(addresses);
        if (id == 0) {
            throw new IllegalArgumentException("member id 0 means nobody");
        }
    }

    /** A member with one address, such as {@code host:2380} or {@code [::1]:2380}. */
    public static Member of(long id, String address) {
        return new Member(id, List.of(parse(address)));
    }

    private static HostPort parse(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("address " + address + " has no port");
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostPort(host, Integer.parseInt(address.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("address " + address + " has no port", e);
        }
    }
}
