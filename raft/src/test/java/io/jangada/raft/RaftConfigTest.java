// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jangada.raft.storage.MemoryStorage;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each option has its bounds: what is beyond is refused with name, value and bound. */
class RaftConfigTest {
    private static RaftConfig built(UnaryOperator<RaftConfig.Builder> options) {
        return options.apply(RaftConfig.builder(1, new MemoryStorage(), new Random(1))).build();
    }

    @Test
    void whatIsBeyondABoundIsRefused() {
        Map<String, UnaryOperator<RaftConfig.Builder>> bad = Map.ofEntries(
                Map.entry("heartbeatTicks is 0", builder -> builder.heartbeatTicks(0)),
                Map.entry("electionTimeoutTicks is 1", builder -> builder.electionTimeoutTicks(1)),
                Map.entry("electionTimeoutTicks is 1048577",
                        builder -> builder.electionTimeoutTicks((1 << 20) + 1)),
                Map.entry("appliedIndex is -1", builder -> builder.appliedIndex(-1)),
                Map.entry("maxMessageBytes is -1", builder -> builder.maxMessageBytes(-1)),
                Map.entry("maxCommittedBytes is -1", builder -> builder.maxCommittedBytes(-1)),
                Map.entry("maxUncommittedBytes is -1", builder -> builder.maxUncommittedBytes(-1)),
                Map.entry("maxInflightMessages is 0", builder -> builder.maxInflightMessages(0)),
                Map.entry("maxInflightBytes is 9",
                        builder -> builder.maxMessageBytes(10).maxInflightBytes(9)),
                Map.entry("readOnly LEASE", builder -> builder.checkQuorum(false).preVote(false)
                        .readOnly(ReadOnlyMode.LEASE)),
                Map.entry("pendingReadsMax is 0", builder -> builder.pendingReadsMax(0)));
        bad.forEach((text, options) -> assertThatIllegalArgumentException().as(text)
                .isThrownBy(() -> built(options)).withMessageStartingWith(text));
        assertThatIllegalArgumentException().isThrownBy(
                () -> RaftConfig.builder(0, new MemoryStorage(), new Random(1)).build())
                .withMessage("id is 0, must not be 0");
    }

    @Test
    void whatIsAtABoundIsTaken() {
        RaftConfig config = built(builder -> builder.heartbeatTicks(1).electionTimeoutTicks(2)
                .appliedIndex(0).maxMessageBytes(0).maxCommittedBytes(0).maxUncommittedBytes(0)
                .maxInflightMessages(1).maxInflightBytes(0).pendingReadsMax(1));
        assertThat(config.maxCommittedBytes()).isZero();
        assertThat(built(builder -> builder.electionTimeoutTicks(1 << 20)).electionTimeoutTicks())
                .isEqualTo(1 << 20);
        assertThat(built(builder -> builder.maxMessageBytes(10).maxInflightBytes(10)
                .maxCommittedBytes(0)).maxCommittedBytes()).isEqualTo(10);
        assertThat(built(builder -> builder.readOnly(ReadOnlyMode.LEASE)).readOnly())
                .isEqualTo(ReadOnlyMode.LEASE);
    }
}
