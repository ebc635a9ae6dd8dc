// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.TrackerConfig;
import java.util.SortedMap;

/**
 * A member's state in full (etcd raft: Status). Immutable.
 *
 * @param basic the numbers
 * @param config the configuration in force
 * @param progress what the leader knows about each member, by ascending id; empty if this is not the
 *     leader
 */
public record Status(BasicStatus basic, TrackerConfig config, SortedMap<Long, Progress> progress) {}
