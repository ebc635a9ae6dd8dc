// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jangada.raft.storage.MemoryStorage;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration may hold. */
final class RaftConfigTest {
    record Wrong(String name, String value, UnaryOperator<RaftConfig.Builder> options) {
        @Override
        public String toString() {
            return name + " " + value;
        }
    }

    private static RaftConfig.Builder builder(long id) {
        return RaftConfig.builder(id, new MemoryStorage(), new Random(1));
    }

    static Stream<Wrong> wrong() {
        return Stream.of(
                new Wrong("heartbeatTicks", "0", options -> options.heartbeatTicks(0)),
                new Wrong("electionTimeoutTicks", "1", options -> options.electionTimeoutTicks(1)),
                new Wrong("electionTimeoutTicks", "1048577",
                        options -> options.electionTimeoutTicks(1_048_577)),
                new Wrong("campaignDelayTicks", "-1", options -> options.campaignDelayTicks(-1)),
                new Wrong("campaignDelayTicks", "1048577",
                        options -> options.campaignDelayTicks(1_048_577)),
                new Wrong("appliedIndex", "-1", options -> options.appliedIndex(-1)),
                new Wrong("maxMessageBytes", "-1", options -> options.maxMessageBytes(-1)),
                new Wrong("maxCommittedBytes", "-1", options -> options.maxCommittedBytes(-1)),
                new Wrong("maxUncommittedBytes", "-1",
                        options -> options.maxUncommittedBytes(-1)),
                new Wrong("maxUnstableBytes", "-1", options -> options.maxUnstableBytes(-1)),
                new Wrong("maxInflightMessages", "0", options -> options.maxInflightMessages(0)),
                new Wrong("maxInflightBytes", "5",
                        options -> options.maxMessageBytes(6).maxInflightBytes(5)),
                new Wrong("pendingReadsMax", "0", options -> options.pendingReadsMax(0)),
                new Wrong("checkQuorum", "false",
                        options -> options.readOnly(ReadOnlyMode.LEASE).checkQuorum(false)),
                new Wrong("leasePromiseNanos", "-1", options -> options.leasePromiseNanos(-1)),
                new Wrong("leaseDriftPercent", "-1", options -> options.leaseDriftPercent(-1)),
                new Wrong("leaseDriftPercent", "100",
                        options -> options.leaseDriftPercent(100)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void errorsNameValueAndBound(Wrong wrong) {
        var error = catchThrowableOfType(InvalidConfigException.class,
                () -> wrong.options.apply(builder(1)).build());
        assertThat(error.name()).isEqualTo(wrong.name);
        assertThat(error.value()).isEqualTo(wrong.value);
        assertThat(error).hasMessage(wrong.name + " is " + wrong.value + ", must be "
                + error.bound());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -2})
    void idsThatMeanNobodyOrAThreadAreRefused(long id) {
        var error = catchThrowableOfType(InvalidConfigException.class,
                () -> builder(id).build());
        assertThat(error.name()).isEqualTo("id");
        assertThat(error.value()).isEqualTo(Long.toString(id));
    }

    @Test
    void theDefaultsAreTheSafeOnes() {
        RaftConfig config = builder(1).build();
        assertThat(config.preVote()).isTrue();
        assertThat(config.checkQuorum()).isTrue();
        assertThat(config.stepDownOnRemoval()).isTrue();
        assertThat(config.stepDownOnStalledStorage()).isTrue();
        assertThat(config.validateConfChanges()).isTrue();
        assertThat(config.readOnly()).isEqualTo(ReadOnlyMode.SAFE);
        assertThat(config.maxUncommittedBytes()).isPositive();
        assertThat(config.maxUnstableBytes()).isGreaterThan(config.maxInflightBytes());
    }

    @Test
    void withoutALimitOfItsOwnWhatIsAppliedAtATimeIsAMessage() {
        assertThat(builder(1).maxMessageBytes(77).maxCommittedBytes(0).build()
                .maxCommittedBytes()).isEqualTo(77);
    }
}
