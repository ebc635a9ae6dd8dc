// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void keysHaveOneLength() {
        var keys = new Keys("k/", 1_000_000, Keys.Order.RANDOM);
        assertThat(keys.key(7).toStringUtf8()).isEqualTo("k/000000000007");
        assertThat(keys.key(999_999).toStringUtf8()).isEqualTo("k/000000999999");
    }

    @Test
    void aSequenceBeginsAgainAtTheEndOfTheSpace() {
        var keys = new Keys("", 2, Keys.Order.SEQUENTIAL);
        var random = new SplittableRandom(1);
        assertThat(keys.next(random)).isEqualTo(keys.key(0));
        assertThat(keys.next(random)).isEqualTo(keys.key(1));
        assertThat(keys.next(random)).isEqualTo(keys.key(0));
    }

    @Test
    void randomKeysReachTheWholeSpaceAndNotMore() {
        var keys = new Keys("", 10, Keys.Order.RANDOM);
        var random = new SplittableRandom(1);
        var seen = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            seen.add(keys.next(random).toStringUtf8());
        }
        assertThat(seen).hasSize(10).contains(keys.key(0).toStringUtf8(),
                keys.key(9).toStringUtf8());
    }

    @Test
    void anEmptySpaceIsRefused() {
        assertThatThrownBy(() -> new Keys("", 0, Keys.Order.RANDOM))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
