// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/**
 * What need not be saved: who leads, and this member's role (etcd raft: SoftState). Immutable.
 *
 * @param leader the leader as far as known; 0 for none
 * @param role this member's role
 */
public record SoftState(long leader, RoleName role) {}
