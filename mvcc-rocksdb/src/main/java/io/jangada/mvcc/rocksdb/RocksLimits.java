// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

/**
 * What the backend may take.
 *
 * @param blockCacheBytes memory for blocks read, indexes and filters included
 * @param writeBuffersBytes memory for writes not yet in files, over all tables
 * @param openFilesMax files held open
 * @param backgroundThreads threads that flush and compact
 * @param sizeStepBytes how much is written until the size is read again
 */
public record RocksLimits(long blockCacheBytes, long writeBuffersBytes, int openFilesMax,
        int backgroundThreads, long sizeStepBytes) {

    /** 32 MiB of cache, 32 MiB of write buffers, 512 files, 2 threads; the size each MiB. */
    public static final RocksLimits DEFAULT = new RocksLimits(32L << 20, 32L << 20, 512, 2,
            1 << 20);

    /** Checks the limits. */
    public RocksLimits {
        if (blockCacheBytes < 1 << 20 || writeBuffersBytes < 1 << 20 || openFilesMax < 16
                || backgroundThreads < 1 || sizeStepBytes < 1) {
            throw new IllegalArgumentException("limits too low: cache " + blockCacheBytes
                    + " bytes, write buffers " + writeBuffersBytes + " bytes, files "
                    + openFilesMax + ", threads " + backgroundThreads + ", size each "
                    + sizeStepBytes + " bytes");
        }
    }

    /** These, with the size read each {@code bytes} that are written. */
    public RocksLimits withSizeStepBytes(long bytes) {
        return new RocksLimits(blockCacheBytes, writeBuffersBytes, openFilesMax,
                backgroundThreads, bytes);
    }
}
