// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import io.jangada.checker.linear.LinearResult.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One search. The calls and returns are a linked list by time; what is linearized is lifted out of it,
 * and put back when the search retreats. Belongs to one thread.
 */
final class Search<S, I, O> {
    private static final int HEAD = 0;

    private final Model<S, I, O> model;
    private final List<Call<I, O>> calls;
    private final int statesMax;
    /** The list: the call of number i is entry 2i+1, its return 2i+2; 0 is before the first, and after the last. */
    private final int[] next;
    private final int[] previous;
    private final long[] linearized;
    private final Set<Configuration<S>> seen = new HashSet<>();
    private final List<Integer> order = new ArrayList<>();
    private final List<S> states = new ArrayList<>();
    private List<Integer> longest = List.of();
    private int unreturned;

    /** Which calls are linearized, and the state that they led to. */
    private record Configuration<S>(Bits linearized, S state) {}

    /** A set of numbers; it never changes. */
    private static final class Bits {
        private final long[] words;

        Bits(long[] words) {
            this.words = words.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bits that && Arrays.equals(words, that.words);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(words);
        }
    }

    Search(Model<S, I, O> model, List<Call<I, O>> calls, int statesMax) {
        this.model = model;
        this.calls = List.copyOf(calls);
        this.statesMax = statesMax;
        next = new int[2 * calls.size() + 1];
        previous = new int[next.length];
        linearized = new long[(calls.size() >> 6) + 1];
        link();
    }

    LinearResult run() {
        S state = model.initial();
        int entry = next[HEAD];
        while (unreturned > 0) {
            if (isCall(entry)) {
                int call = callOf(entry);
                Optional<S> after = step(state, calls.get(call));
                if (after.isPresent() && isNew(call, after.get())) {
                    if (seen.size() > statesMax) {
                        return new LinearResult(Answer.UNKNOWN, ids(longest()));
                    }
                    states.add(state);
                    order.add(call);
                    state = after.get();
                    lift(call);
                    entry = next[HEAD];
                } else {
                    entry = next[entry];
                }
            } else { // A return whose call cannot come later: retreat.
                longest = longest();
                if (order.isEmpty()) {
                    return new LinearResult(Answer.ILLEGAL, ids(longest));
                }
                int call = order.removeLast();
                state = states.removeLast();
                unlift(call);
                entry = next[callEntry(call)];
            }
        }
        return new LinearResult(Answer.OK, ids(order));
    }

    private Optional<S> step(S state, Call<I, O> call) {
        return switch (call.outcome()) {
            case Call.Told<O>(O output) -> model.step(state, call.input(), output);
            case Call.Unknown<O>() -> model.effect(state, call.input());
        };
    }

    private boolean isNew(int call, S state) {
        linearized[call >> 6] |= 1L << call;
        boolean added = seen.add(new Configuration<>(new Bits(linearized), state));
        linearized[call >> 6] &= ~(1L << call);
        return added;
    }

    private List<Integer> longest() {
        return order.size() > longest.size() ? List.copyOf(order) : longest;
    }

    private List<Integer> ids(List<Integer> numbers) {
        return numbers.stream().map(number -> calls.get(number).id()).toList();
    }

    /** By time; calls before returns of the same time, as those are concurrent. */
    private void link() {
        List<Integer> entries = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            entries.add(callEntry(i));
            if (!calls.get(i).isUnknown()) {
                entries.add(callEntry(i) + 1);
                unreturned++;
            }
        }
        entries.sort(Comparator.comparingLong(this::time)
                .thenComparingInt(entry -> isCall(entry) ? 0 : 1));
        int last = HEAD;
        for (int entry : entries) {
            next[last] = entry;
            previous[entry] = last;
            last = entry;
        }
        next[last] = HEAD;
        previous[HEAD] = last;
    }

    private long time(int entry) {
        Call<I, O> call = calls.get(callOf(entry));
        return isCall(entry) ? call.callNanos() : call.returnNanos();
    }

    private void lift(int call) {
        linearized[call >> 6] |= 1L << call;
        int entry = callEntry(call);
        remove(entry);
        if (!calls.get(call).isUnknown()) {
            remove(entry + 1);
            unreturned--;
        }
    }

    private void unlift(int call) {
        linearized[call >> 6] &= ~(1L << call);
        int entry = callEntry(call);
        if (!calls.get(call).isUnknown()) {
            insert(entry + 1);
            unreturned++;
        }
        insert(entry);
    }

    private void remove(int entry) {
        next[previous[entry]] = next[entry];
        previous[next[entry]] = previous[entry];
    }

    private void insert(int entry) {
        next[previous[entry]] = entry;
        previous[next[entry]] = entry;
    }

    private static boolean isCall(int entry) {
        return (entry & 1) == 1;
    }

    private static int callEntry(int call) {
        return 2 * call + 1;
    }

    private static int callOf(int entry) {
        return (entry - 1) >> 1;
    }
}
