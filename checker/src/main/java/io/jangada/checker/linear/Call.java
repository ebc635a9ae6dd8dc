// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

/**
 * One call of an object. Immutable.
 *
 * @param id by which the result names it
 * @param callNanos when it was called
 * @param returnNanos when it returned; of no meaning if its outcome is unknown
 * @param input what was asked
 * @param outcome what came of it
 * @param <I> what is asked
 * @param <O> what is answered
 */
public record Call<I, O>(int id, long callNanos, long returnNanos, I input, Outcome<O> outcome) {

    /**
     * What came of a call.
     *
     * @param <O> what is answered
     */
    public sealed interface Outcome<O> {}

    /**
     * An answer.
     *
     * @param output which
     * @param <O> what is answered
     */
    public record Told<O>(O output) implements Outcome<O> {}

    /**
     * None was seen: the call takes effect at some time after it, or never.
     *
     * @param <O> what would be answered
     */
    public record Unknown<O>() implements Outcome<O> {}

    /** Whether it has no answer. */
    public boolean isUnknown() {
        return outcome instanceof Unknown<O>;
    }
}
