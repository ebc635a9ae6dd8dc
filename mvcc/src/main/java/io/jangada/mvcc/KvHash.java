// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/**
 * A hash of the history up to a revision, comparable between members with equal compact revision.
 *
 * @param hash CRC32C, unsigned 32 bits
 * @param compactRevision the compact revision under which it was taken
 * @param hashRevision the last revision that it covers
 * @param currentRevision the store's revision when it was taken
 */
public record KvHash(long hash, long compactRevision, long hashRevision, long currentRevision) {}
