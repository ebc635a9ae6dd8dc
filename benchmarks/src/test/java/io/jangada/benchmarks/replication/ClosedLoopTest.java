// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** On a group that answers when it is told to, in the test's thread. */
class ClosedLoopTest {
    private static final class Held implements ReplicatedGroup {
        private final ArrayDeque<Completion> open = new ArrayDeque<>();
        private long answered;

        @Override
        public void propose(Completion completion) {
            open.add(completion);
        }

        void answer(boolean applied) {
            answered++;
            open.remove().completed(applied);
        }

        @Override
        public long[] applied() {
            return new long[]{answered, answered, answered};
        }

        @Override
        public void close() {}
    }

    private final Held group = new Held();
    private final ClosedLoop loop = new ClosedLoop(group);

    @Test
    void keepsAsManyInFlightAsAsked() throws Exception {
        loop.start(3);
        assertThat(group.open).hasSize(3);
        for (int i = 0; i < 10; i++) {
            group.answer(true);
            assertThat(group.open).hasSize(3);
        }
        assertThat(loop.completed()).isEqualTo(10);
        assertThat(loop.latencyNanos().getTotalCount()).isEqualTo(10);
    }

    @Test
    void proposalThatIsNotAppliedFailsTheLoad() {
        loop.start(1);
        group.answer(true);
        group.answer(false);
        assertThat(group.open).isEmpty();
        assertThat(loop.completed()).isEqualTo(1);
        assertThatThrownBy(loop::stop).isInstanceOf(IOException.class)
                .hasMessage("a proposal was not applied");
    }
}
