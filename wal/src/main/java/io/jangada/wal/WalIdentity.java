// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

/**
 * Whose log it is.
 *
 * @param clusterId the cluster
 * @param memberId the member
 */
public record WalIdentity(long clusterId, long memberId) {
    @Override
    public String toString() {
        return "cluster " + Long.toHexString(clusterId) + " member " + Long.toHexString(memberId);
    }
}
