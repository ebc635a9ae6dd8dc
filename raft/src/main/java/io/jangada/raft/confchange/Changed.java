// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.tracker.ProgressMap;
import io.jangada.raft.tracker.TrackerConfig;

/**
 * A configuration that was worked out, to be put in force.
 *
 * @param config the configuration
 * @param progress the progress of its members; no object is shared with the configuration before
 */
public record Changed(TrackerConfig config, ProgressMap progress) {
    /** Nobody. */
    public static final Changed NOBODY = new Changed(TrackerConfig.EMPTY, ProgressMap.EMPTY);
}
