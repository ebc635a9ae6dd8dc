// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;

/**
 * A member to start a new group with (etcd raft: Peer). Immutable.
 *
 * @param id the member; not 0
 * @param context data of the application's own, logged with the change that adds the member
 */
public record Peer(long id, Bytes context) {}
