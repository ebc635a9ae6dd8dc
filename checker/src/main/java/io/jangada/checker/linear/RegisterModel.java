// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import java.util.Optional;

/** A register of a number, 0 at first, with compare-and-set. Immutable. */
public final class RegisterModel
        implements
            Model<Long, RegisterModel.Input, RegisterModel.Output> {

    /** What is asked. */
    public sealed interface Input {}

    /** Asks for the number. */
    public record Read() implements Input {}

    /**
     * Replaces the number.
     *
     * @param value the new one
     */
    public record Write(long value) implements Input {}

    /**
     * Replaces the number if it is another one.
     *
     * @param expected what it must be
     * @param value the new one
     */
    public record CompareAndSet(long expected, long value) implements Input {}

    /** What is answered. */
    public sealed interface Output {}

    /**
     * The number that was read.
     *
     * @param value which
     */
    public record Value(long value) implements Output {}

    /** It was written. */
    public record Written() implements Output {}

    /** It was another number than expected. */
    public record Unequal() implements Output {}

    /** The model. */
    public RegisterModel() {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Optional<Long> step(Long state, Input input, Output output) {
        boolean isLegal = switch (input) {
            case Read ignored -> output.equals(new Value(state));
            case Write ignored -> output instanceof Written;
            case CompareAndSet(long expected, long ignored) -> expected == state
                    ? output instanceof Written
                    : output instanceof Unequal;
        };
        return isLegal ? effect(state, input) : Optional.empty();
    }

    @Override
    public Optional<Long> effect(Long state, Input input) {
        return Optional.of(switch (input) {
            case Read ignored -> state;
            case Write(long value) -> value;
            case CompareAndSet(long expected, long value) -> expected == state ? value : state;
        });
    }
}
