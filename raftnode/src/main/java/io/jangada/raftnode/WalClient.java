// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.StorageAppend;
import java.util.List;

/** A group, as the log writer sees it. Called by the WAL loop. */
interface WalClient {
    long group();

    /** {@code appends} are durable, those of them that need be. In the order in which they were submitted. */
    void written(List<StorageAppend> appends);

    /**
     * The disk is full, or nearly so, or there is room again. Meanwhile nothing more should be proposed:
     * what room is left is for what must be written.
     */
    void diskFull(boolean full);

    /** The log has failed; nothing more will be written. */
    void failed(Exception failure);
}
