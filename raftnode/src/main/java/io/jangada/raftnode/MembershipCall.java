// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One call of {@link Membership} on its way: steps that are looked at one after the other, each until it
 * is done or ends the call. Belongs to the node loop, but for {@link #end}, which is for any thread.
 */
final class MembershipCall {

    /** What becomes of a step. */
    sealed interface Verdict {
        /** Done: on with the next one. */
        record Next() implements Verdict {}

        /** To be looked at again, at the next tick or before. */
        record Wait() implements Verdict {}

        /** The call ends. */
        record End(ChangeResult result) implements Verdict {}
    }

    /** A part of a call. */
    interface Step {
        /** Looks how it stands. Called first when it is its turn, and then at least at each tick. */
        Verdict look(MembershipView view);
    }

    private final ArrayDeque<Step> steps;
    private final CompletableFuture<ChangeResult> future;

    MembershipCall(List<Step> steps, CompletableFuture<ChangeResult> future) {
        this.steps = new ArrayDeque<>(steps);
        this.future = future;
    }

    boolean isOver() {
        return future.isDone();
    }

    /** Looks at the present step. Whether the next one can be looked at, with a new view. */
    boolean look(MembershipView view) {
        if (isOver()) {
            return false;
        }
        if (steps.isEmpty()) {
            end(new ChangeResult.Done(view.config().toConfState()));
            return false;
        }
        return switch (steps.getFirst().look(view)) {
            case Verdict.Next() -> {
                steps.removeFirst();
                yield true;
            }
            case Verdict.Wait() -> false;
            case Verdict.End(ChangeResult result) -> {
                end(result);
                yield false;
            }
        };
    }

    void end(ChangeResult result) {
        future.complete(result);
    }
}
