// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.List;

/** Learns what became visible. Called on the apply loop; must not block. */
public interface CommitListener {
    /**
     * A batch is committed and visible.
     *
     * @param changes its revisions that changed keys, ascending; often none
     * @param revision the store's revision now
     */
    void committed(List<RevisionEvents> changes, long revision);

    /** The whole state was replaced by one at {@code revision}. */
    void restored(long revision);
}
