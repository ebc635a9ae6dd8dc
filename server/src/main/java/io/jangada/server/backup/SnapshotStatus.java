// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

/**
 * What is in a snapshot file, in etcdctl's four figures.
 *
 * @param hash CRC-32C over the names of the buckets and all rows, as an unsigned number
 * @param revision of the last change
 * @param rows in all buckets: etcdctl calls them keys
 * @param bytes of the database, without the SHA-256 behind it
 */
public record SnapshotStatus(long hash, long revision, long rows, long bytes) {}
