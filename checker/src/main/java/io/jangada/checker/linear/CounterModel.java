// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import java.util.Optional;

/** A counter, 0 at first: each call adds a number, which may be 0, and is told the sum. Immutable. */
public final class CounterModel implements Model<Long, Long, Long> {

    /** The model. */
    public CounterModel() {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Optional<Long> step(Long state, Long input, Long output) {
        return state + input == output ? Optional.of(output) : Optional.empty();
    }

    @Override
    public Optional<Long> effect(Long state, Long input) {
        return Optional.of(state + input);
    }
}
