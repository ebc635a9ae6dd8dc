// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;

/**
 * A request, as it is sent to both servers.
 *
 * @param method what is called
 * @param request its message
 * @param caller the user whose token goes along; empty for none
 */
record Call(MethodDescriptor<?, ?> method, Message request, String caller) {

    /** By nobody. */
    static <R extends Message> Call of(MethodDescriptor<R, ? extends Message> method, R request) {
        return new Call(method, request, "");
    }

    /** The same by {@code user}. */
    Call by(String user) {
        return new Call(method, request, user);
    }

    @Override
    public String toString() {
        return method.getBareMethodName() + (caller.isEmpty() ? "" : " by " + caller) + " {"
                + Shown.of(request) + "}";
    }
}
