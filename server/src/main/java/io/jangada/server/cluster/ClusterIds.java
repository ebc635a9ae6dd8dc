// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/** Ids of members and clusters, which are hashes of where and what they are (etcd: computeMemberID, genID). */
public final class ClusterIds {
    private ClusterIds() {}

    /** The id of an initial member: SHA-1 over its sorted peer URLs and the token. */
    public static long memberId(Collection<String> peerUrls, String clusterToken) {
        List<String> sorted = peerUrls.stream().sorted().toList();
        return firstLong((String.join("", sorted) + clusterToken).getBytes(StandardCharsets.UTF_8));
    }

    /** The id of a cluster: SHA-1 over the ids of its initial members, sorted as unsigned numbers. */
    public static long clusterId(Collection<Long> memberIds) {
        ByteBuffer ids = ByteBuffer.allocate(memberIds.size() * Long.BYTES);
        memberIds.stream().sorted(Long::compareUnsigned).forEach(ids::putLong);
        return firstLong(ids.array());
    }

    private static long firstLong(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(bytes)).getLong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }
}
