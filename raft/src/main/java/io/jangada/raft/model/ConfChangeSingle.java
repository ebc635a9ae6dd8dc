// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/**
 * One step of a change of membership. Immutable.
 *
 * @param type what to do
 * @param nodeId with whom; 0 means: with nobody, the step is skipped
 */
public record ConfChangeSingle(ConfChangeType type, long nodeId) {}
