// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import io.jangada.checker.etcd.Effects;
import io.jangada.checker.etcd.Execution;
import io.jangada.checker.etcd.KeySpace;
import io.jangada.checker.history.History;
import io.jangada.checker.history.InitialState;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * etcd's whole store, with its revisions, for short histories: its states are copied at each write.
 * Leases that end by themselves and what is refused for a compaction are not part of it. Immutable.
 */
public final class StoreModel implements Model<StoreModel.State, Request, Response> {
    private final InitialState initial;

    /** A store that begins as {@code initial}. */
    public StoreModel(InitialState initial) {
        this.initial = initial;
    }

    /** The store at a revision, and all that it was before. Immutable. */
    public static final class State {
        private final long revision;
        private final KeySpace keys;
        private final List<State> past;
        private final int hash;

        private State(long revision, KeySpace keys, List<State> past) {
            this.revision = revision;
            this.keys = keys;
            this.past = past;
            hash = 31 * (31 * Long.hashCode(revision) + keys.hashCode())
                    + (past.isEmpty() ? 0 : past.getLast().hash);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof State that && hash == that.hash && revision == that.revision
                    && keys.equals(that.keys) && past.equals(that.past);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** The calls of {@code history} that have to be linearizable. */
    public static List<Call<Request, Response>> calls(History history) {
        List<Call<Request, Response>> calls = new ArrayList<>();
        for (Operation each : history.operations()) {
            boolean isOfInterest = each.isUnknown()
                    ? Effects.mayChange(each.request())
                    : each.response() instanceof Response.Done && Effects.isLinearizable(each);
            if (isOfInterest) {
                calls.add(new Call<>(each.id(), each.callNanos(), each.returnNanos(),
                        each.request(), each.isUnknown()
                                ? new Call.Unknown<>()
                                : new Call.Told<>(each.response())));
            }
        }
        return calls;
    }

    @Override
    public State initial() {
        return new State(initial.revision(), new KeySpace(initial.kvs()), List.of());
    }

    @Override
    public Optional<State> step(State state, Request input, Response output) {
        if (input instanceof Request.Range range) {
            return read(state, range, output) ? Optional.of(state) : Optional.empty();
        }
        long revision = output.revision();
        if (revision != state.revision && revision != state.revision + 1) {
            return Optional.empty();
        }
        KeySpace keys = state.keys.copy();
        Execution.Result result = Execution.run(keys, input, revision, output);
        boolean changes = !result.events().isEmpty();
        if (!result.response().equals(output) || changes != (revision > state.revision)) {
            return Optional.empty();
        }
        return Optional.of(changes ? after(state, keys) : state);
    }

    @Override
    public Optional<State> effect(State state, Request input) {
        KeySpace keys = state.keys.copy();
        Execution.Result result = Execution.run(keys, input, state.revision + 1,
                new Response.Unknown());
        return Optional.of(result.events().isEmpty() ? state : after(state, keys));
    }

    private static boolean read(State state, Request.Range range, Response output) {
        if (output.revision() != state.revision || range.revision() > state.revision) {
            return false;
        }
        if (range.revision() <= 0) {
            return Execution.read(state.keys, range, state.revision).equals(output);
        }
        for (State each : state.past) {
            if (each.revision == range.revision()) {
                return Execution.read(each.keys, range, state.revision).equals(output);
            }
        }
        return range.revision() < state.revision
                || Execution.read(state.keys, range, state.revision).equals(output);
    }

    private static State after(State state, KeySpace keys) {
        List<State> past = new ArrayList<>(state.past);
        past.add(state);
        return new State(state.revision + 1, keys, List.copyOf(past));
    }
}
