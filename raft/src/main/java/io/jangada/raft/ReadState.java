// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;

/**
 * A read that may be served once {@code index} is applied (Raft thesis 6.4; etcd raft: ReadState).
 *
 * @param index the leader's commit index when it took the read
 * @param context names the read, as given to readIndex
 */
public record ReadState(long index, Bytes context) {}
