// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command, or a change of membership, that waits to be proposed. Immutable. */
final class Proposal {
    private final Bytes data;
    private final @Nullable ConfChange change;
    private final BooleanSupplier wanted;
    private final Consumer<? super ProposeOutcome> outcome;

    private Proposal(Bytes data, @Nullable ConfChange change, BooleanSupplier wanted,
            Consumer<? super ProposeOutcome> outcome) {
        this.data = data;
        this.change = change;
        this.wanted = wanted;
        this.outcome = outcome;
    }

    static Proposal of(Bytes data, BooleanSupplier wanted,
            Consumer<? super ProposeOutcome> outcome) {
        return new Proposal(data, null, wanted, outcome);
    }

    static Proposal of(ConfChange change, Consumer<? super ProposeOutcome> outcome) {
        return new Proposal(change.context(), change, () -> true, outcome);
    }

    Bytes data() {
        return data;
    }

    /** The change of membership; null if this is a command. */
    @Nullable
    ConfChange change() {
        return change;
    }

    /** Whether it has not been withdrawn. */
    boolean isWanted() {
        return wanted.getAsBoolean();
    }

    int bytes() {
        return data.size();
    }

    void answer(ProposeOutcome answer) {
        outcome.accept(answer);
    }
}
