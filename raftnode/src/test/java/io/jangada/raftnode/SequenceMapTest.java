// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SequenceMapTest {
    private record One(long sequence) implements SequenceMap.Numbered {}

    private final SequenceMap<One> map = new SequenceMap<>();

    @Test
    void eachIsTakenOnce() {
        map.add(new One(7));
        assertThat(map.get(7)).isEqualTo(new One(7));
        assertThat(map.get(7 + SequenceMap.PLACES)).isNull();
        assertThat(map.remove(7 + SequenceMap.PLACES)).isNull();
        assertThat(map.remove(7)).isEqualTo(new One(7));
        assertThat(map.remove(7)).isNull();
        assertThat(map.get(7)).isNull();
    }

    @Test
    void oneThatStaysDoesNotKeepOthersOut() {
        long turn = SequenceMap.PLACES;
        for (long sequence : List.of(-1L, turn - 1, 2 * turn - 1)) {
            map.add(new One(sequence));
        }
        assertThat(map.sequences()).containsExactly(-1, turn - 1, 2 * turn - 1);
        assertThat(map.remove(-1)).isEqualTo(new One(-1));
        map.add(new One(3 * turn - 1));
        assertThat(map.sequences()).containsExactly(turn - 1, 2 * turn - 1, 3 * turn - 1);
        assertThat(map.get(turn - 1)).isEqualTo(new One(turn - 1));
        assertThat(map.remove(2 * turn - 1)).isEqualTo(new One(2 * turn - 1));
        assertThat(map.remove(turn - 1)).isEqualTo(new One(turn - 1));
        assertThat(map.remove(3 * turn - 1)).isEqualTo(new One(3 * turn - 1));
        assertThat(map.sequences()).isEmpty();
    }

    /** Two threads want each of them, as an answer and a deadline do: one of them gets it. */
    @Test
    void oneOfTwoTakers() {
        long all = 4L * SequenceMap.PLACES;
        var taken = new AtomicLong();
        CompletableFuture<?>[] takers = IntStream.range(0, 2)
                .mapToObj(taker -> CompletableFuture.runAsync(() -> LongStream.range(0, all)
                        .forEach(sequence -> {
                            One mine = new One(all + sequence * 2 + taker);
                            map.add(mine);
                            taken.addAndGet(map.remove(sequence) == null ? 0 : 1);
                            assertThat(map.remove(mine.sequence())).isEqualTo(mine);
                        })))
                .toArray(CompletableFuture<?>[]::new);
        LongStream.range(0, all).forEach(sequence -> map.add(new One(sequence)));
        CompletableFuture.allOf(takers).join();
        long left = map.sequences().length;
        assertThat(taken.get() + left).isEqualTo(all);
    }
}
