// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Message;

/**
 * A snapshot that a peer wants to send. Immutable.
 *
 * @param header what the snapshot is
 * @param totalBytes the size of its content; at least 0
 * @param contentId the content's {@link SnapshotSource#contentId}
 */
public record SnapshotOffer(Message.InstallSnapshot header, long totalBytes, long contentId) {

    /** Whether this is the same content as {@code that}, so that a part of the one is a part of the other. */
    public boolean isSameContent(SnapshotOffer that) {
        return totalBytes == that.totalBytes && contentId == that.contentId
                && header.snapshot().id().equals(that.header.snapshot().id());
    }
}
