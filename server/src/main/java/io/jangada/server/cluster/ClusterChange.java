// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

/** What a client wants to change about the members. */
public sealed interface ClusterChange {
    /** The member that it is about. */
    long id();

    /**
     * A new member, which is to be started afterwards.
     *
     * @param isLearner whether it stays without a vote until it is promoted; else it votes once it has the log
     */
    record Add(long id, PeerUrls peerUrls, boolean isLearner) implements ClusterChange {}

    /** A member goes, for good. */
    record Remove(long id) implements ClusterChange {}

    /** A member listens elsewhere. */
    record Update(long id, PeerUrls peerUrls) implements ClusterChange {}

    /** A learner becomes a voter. */
    record Promote(long id) implements ClusterChange {}
}
