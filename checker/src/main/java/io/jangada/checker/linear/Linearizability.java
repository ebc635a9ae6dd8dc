// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import io.jangada.checker.linear.LinearResult.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Searches a linearization: an order of the calls that the model allows and in which no call comes
 * before one that had returned when it was called (Wing and Gong 1993; Lowe 2017: the search keeps
 * what it has come to, and comes to nothing twice).
 *
 * <p>Thread-safe: nothing is kept between calls.
 */
public final class Linearizability {
    /** How many states a search remembers before it gives up, if not told otherwise. */
    public static final int STATES_MAX = 1_000_000;

    private Linearizability() {}

    /** Searches with the bound {@link #STATES_MAX}. */
    public static <S, I, O> LinearResult check(Model<S, I, O> model, List<Call<I, O>> calls) {
        return check(model, calls, STATES_MAX);
    }

    /**
     * Searches.
     *
     * @param statesMax so many configurations are remembered, about 100 bytes and a state each; one
     *        more, and the answer is {@link Answer#UNKNOWN}
     */
    public static <S, I, O> LinearResult check(Model<S, I, O> model, List<Call<I, O>> calls,
            int statesMax) {
        return new Search<>(model, calls, statesMax).run();
    }

    /**
     * Searches for each object of its own: linearizability is local, so the whole is linearizable if
     * every part is.
     *
     * @param objectOf which object a call is of
     * @param statesMax the bound of each part
     */
    public static <S, I, O, K> LinearResult check(Model<S, I, O> model, List<Call<I, O>> calls,
            Function<Call<I, O>, K> objectOf, int statesMax) {
        Map<K, List<Call<I, O>>> parts = new LinkedHashMap<>();
        for (Call<I, O> call : calls) {
            parts.computeIfAbsent(objectOf.apply(call), ignored -> new ArrayList<>()).add(call);
        }
        LinearResult worst = new LinearResult(Answer.OK, List.of());
        for (List<Call<I, O>> part : parts.values()) {
            LinearResult result = check(model, part, statesMax);
            if (result.answer() == Answer.ILLEGAL) {
                return result;
            }
            if (worst.answer() == Answer.OK) {
                worst = result;
            }
        }
        return worst;
    }
}
