// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Damage as it comes: bytes that change, vanish, come twice, or were another message's. Pure functions. */
public final class Mutations {
    private static final int STEPS_MAX = 4;

    private Mutations() {}

    /** {@code bytes}, which stay as they are, after one to four accidents; {@code other} may be mixed in. */
    public static byte[] of(byte[] bytes, byte[] other, RandomGenerator random) {
        byte[] mutated = bytes.clone();
        for (int i = 1 + random.nextInt(STEPS_MAX); i > 0; i--) {
            mutated = step(mutated, other, random);
        }
        return mutated;
    }

    private static byte[] step(byte[] bytes, byte[] other, RandomGenerator random) {
        if (bytes.length == 0) {
            return other.clone();
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return joined(Arrays.copyOf(bytes, at),
                        Arrays.copyOfRange(bytes, random.nextInt(at + 1), bytes.length));
            }
            default -> {
                return joined(Arrays.copyOf(bytes, at),
                        Arrays.copyOfRange(other, random.nextInt(other.length + 1),
                                other.length));
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
