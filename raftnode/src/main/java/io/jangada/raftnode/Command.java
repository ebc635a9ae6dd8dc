// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;

/**
 * A committed proposal. Immutable.
 *
 * @param id its place in the log; indexes rise, with gaps where the log holds entries of Raft's own
 * @param data what was proposed
 */
public record Command(EntryId id, Bytes data) {}
