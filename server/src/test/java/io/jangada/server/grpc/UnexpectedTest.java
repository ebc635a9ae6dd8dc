// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnexpectedTest {
    private final List<Status.Code> errors = new ArrayList<>();
    private final StreamObserver<String> out = new StreamObserver<>() {
        @Override
        public void onNext(String value) {}

        @Override
        public void onError(Throwable error) {
            if (!errors.isEmpty()) {
                throw new IllegalStateException("answered already");
            }
            errors.add(Status.fromThrowable(error).getCode());
        }

        @Override
        public void onCompleted() {}
    };

    private static void fail() {
        throw new IllegalArgumentException("planted");
    }

    @Test
    void aCallWhoseWorkFailsIsAnswered() {
        Unexpected.answered(UnexpectedTest::fail, out).run();
        assertThat(errors).containsExactly(Status.Code.INTERNAL);
        Unexpected.answered(UnexpectedTest::fail, out).run();
        assertThat(errors).as("answered once").hasSize(1);
    }

    @Test
    void workThatDoesNotFailAnswersByItself() {
        Unexpected.answered(() -> {}, out).run();
        assertThat(errors).isEmpty();
    }
}
