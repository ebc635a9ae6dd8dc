// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

/**
 * The limits of a log.
 *
 * @param segmentBytes the size of a segment file, allocated when it is created; 64 MiB by default
 * @param recordBytesMax the largest data of one entry or mark; 64 MiB by default; an append with a
 *     larger one is refused, and a stored length above it is damage
 * @param batchBytesMax what may wait for {@link Wal#force}; an append beyond it forces what waits
 *     first; 64 MiB by default
 */
public record WalConfig(long segmentBytes, int recordBytesMax, int batchBytesMax) {

    private static final int MIB = 1 << 20;

    /** The defaults. */
    public static final WalConfig DEFAULT = new WalConfig(64 * MIB, 64 * MIB, 64 * MIB);

    /** The least and the largest {@code segmentBytes}. */
    static final long SEGMENT_BYTES_MIN = 4096;

    static final long SEGMENT_BYTES_MAX = 1 << 30;

    public WalConfig {
        check("segmentBytes", segmentBytes, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
        check("recordBytesMax", recordBytesMax, 1, 256 * MIB);
        check("batchBytesMax", batchBytesMax, 1, 256 * MIB);
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", not in [" + min + ", " + max + "]");
        }
    }
}
