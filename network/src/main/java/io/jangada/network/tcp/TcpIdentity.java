// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/**
 * Whose network it is: what both ends of a connection check. Immutable.
 *
 * @param clusterId the cluster; members of different clusters refuse each other
 * @param memberId this member; never 0
 */
public record TcpIdentity(long clusterId, long memberId) {
    public TcpIdentity {
        if (memberId == 0) {
            throw new IllegalArgumentException("member id 0 means nobody");
        }
    }
}
