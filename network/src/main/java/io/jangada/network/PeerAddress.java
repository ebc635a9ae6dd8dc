// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import java.util.List;

/**
 * A peer and where it can be reached. Immutable.
 *
 * @param id the peer's member id; never 0
 * @param addresses tried in turn; at least one
 */
public record PeerAddress(long id, List<HostPort> addresses) {
    public PeerAddress {
        addresses = List.copyOf(addresses);
        if (id == 0) {
            throw new IllegalArgumentException("member id 0 means nobody");
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "no address for member " + Long.toHexString(id));
        }
    }
}
