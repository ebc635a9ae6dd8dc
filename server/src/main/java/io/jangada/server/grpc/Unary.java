// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.stub.StreamObserver;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.function.BiFunction;

/**
 * Answers a unary call with the result of a proposal. Immutable.
 *
 * @param out the call
 * @param finish makes the message of what was applied and the revision after it
 */
record Unary<T>(StreamObserver<T> out, BiFunction<MessageLite, Long, T> finish)
        implements
            LocalMember.Answer {
    @Override
    public void done(MessageLite response, long revision) {
        out.onNext(finish.apply(response, revision));
        out.onCompleted();
    }

    @Override
    public void failed(EtcdError error) {
        out.onError(error.exception());
    }
}
