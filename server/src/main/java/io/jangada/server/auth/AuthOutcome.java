// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.MessageLite;
import io.jangada.server.error.EtcdError;

/** What an entry does to users and roles, the same on every member. */
public sealed interface AuthOutcome {

    /**
     * It did what it asked for.
     *
     * @param state the state after it
     * @param response the answer, without a header
     */
    record Done(AuthState state, MessageLite response) implements AuthOutcome {}

    /**
     * It changed nothing.
     *
     * @param error why
     */
    record Refused(EtcdError error) implements AuthOutcome {}
}
