// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;

/**
 * A read of this member that the core took and can no longer answer; asking again is safe. Immutable.
 *
 * @param context names the read, as given to readIndex
 * @param reason why
 */
public record DroppedRead(Bytes context, DropReason reason) {}
