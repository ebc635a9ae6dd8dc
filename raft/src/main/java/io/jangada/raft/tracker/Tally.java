// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

import io.jangada.raft.quorum.VoteResult;

/**
 * The votes that came in. Immutable.
 *
 * @param granted how many voters have said yes
 * @param rejected how many voters have said no
 * @param result how the vote stands
 */
public record Tally(int granted, int rejected, VoteResult result) {}
