// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Commands made beforehand, which go round: the first two bytes of each are its number, so that whoever applies them sees
 * that none is missing, doubled or out of order. Immutable.
 */
final class Commands {
    /** How many there are: the most that can be in flight. */
    static final int COUNT = 1024;

    private final List<Bytes> ring;
    private final List<List<Bytes>> singles;

    /** Commands of {@code bytes} each, at least 2. */
    Commands(int bytes) {
        var random = new SplittableRandom(bytes);
        var made = new ArrayList<Bytes>(COUNT);
        for (int i = 0; i < COUNT; i++) {
            byte[] data = new byte[bytes];
            random.nextBytes(data);
            data[0] = (byte) i;
            data[1] = (byte) (i >> Byte.SIZE);
            made.add(Bytes.wrap(data));
        }
        ring = List.copyOf(made);
        singles = ring.stream().map(List::of).toList();
    }

    /** The one with {@code number}, modulo {@link #COUNT}. */
    Bytes at(long number) {
        return ring.get((int) (number % COUNT));
    }

    /** The one with {@code number}, modulo {@link #COUNT}, as a list of one. */
    List<Bytes> singleAt(long number) {
        return singles.get((int) (number % COUNT));
    }

    /** The number modulo {@link #COUNT} of a command that was made here. */
    static int number(Bytes command) {
        return (command.at(0) & 0xff) | (command.at(1) & 0xff) << Byte.SIZE;
    }
}
