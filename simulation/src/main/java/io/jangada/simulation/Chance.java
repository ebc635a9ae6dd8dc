// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Everything that a run leaves to chance about one concern, from the seed and the concern's name alone: what one
 * concern draws shifts nothing for another.
 */
final class Chance {
    private final SplittableRandom random;

    private Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    static Chance of(long seed, String concern) {
        CRC32C name = new CRC32C();
        name.update(concern.getBytes(StandardCharsets.UTF_8));
        return new Chance(new SplittableRandom(seed ^ name.getValue() << 31).nextLong());
    }

    /** A generator for others, in its own sequence. */
    SplittableRandom generator() {
        return random.split();
    }

    boolean once(int in) {
        return in > 0 && random.nextInt(in) == 0;
    }

    /** True in {@code permille} of 1,000 cases. */
    boolean permille(int permille) {
        return random.nextInt(1_000) < permille;
    }

    /** From {@code least} to {@code most}, both included. */
    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /** From 0 to {@code bound}, which is not included. */
    long below(long bound) {
        return random.nextLong(bound);
    }

    /** From {@code least} to {@code most}, short ones more often than long ones. */
    long nanos(Duration least, Duration most) {
        double part = random.nextDouble();
        return least.toNanos() + (long) (part * part * part * (most.toNanos() - least.toNanos()));
    }

    Duration span(Duration least, Duration most) {
        return Duration.ofNanos(nanos(least, most));
    }

    <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
