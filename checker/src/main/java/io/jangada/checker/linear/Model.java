// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import java.util.Optional;

/**
 * A sequential object: what it does when its operations come one after the other. Stateless; states
 * are immutable values with equals and hashCode.
 *
 * @param <S> its states
 * @param <I> what is asked of it
 * @param <O> what it answers
 */
public interface Model<S, I, O> {
    /** The state before all operations. */
    S initial();

    /** The state after {@code input} was answered with {@code output}, or nothing if it cannot be in {@code state}. */
    Optional<S> step(S state, I input, O output);

    /** The state after {@code input}, whose answer nobody saw, or nothing if it cannot take effect in {@code state}. */
    Optional<S> effect(S state, I input);
}
