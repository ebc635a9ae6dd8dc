// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A space of numbered keys, all of one length. Thread-safe: the sequence is one atomic counter; randomness is the caller's.
 */
final class Keys {
    private static final int DIGITS = 12;

    private final byte[] prefix;
    private final long keyCount;
    private final Order order;
    private final AtomicLong sequence = new AtomicLong();

    /** In which order a run walks the space. */
    enum Order {
        SEQUENTIAL, RANDOM
    }

    Keys(String prefix, long keyCount, Order order) {
        if (keyCount < 1 || keyCount >= 1_000_000_000_000L) {
            throw new IllegalArgumentException(
                    "key count must be between 1 and 10^12: " + keyCount);
        }
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.keyCount = keyCount;
        this.order = order;
    }

    long count() {
        return keyCount;
    }

    ByteString next(RandomGenerator random) {
        return switch (order) {
            case SEQUENTIAL -> key(sequence.getAndIncrement() % keyCount);
            case RANDOM -> key(random.nextLong(keyCount));
        };
    }

    /** The key with this number: the prefix and twelve decimal digits. */
    ByteString key(long number) {
        byte[] key = new byte[prefix.length + DIGITS];
        System.arraycopy(prefix, 0, key, 0, prefix.length);
        long rest = number;
        for (int i = key.length - 1; i >= prefix.length; i--) {
            key[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return UnsafeByteOperations.unsafeWrap(key);
    }
}
