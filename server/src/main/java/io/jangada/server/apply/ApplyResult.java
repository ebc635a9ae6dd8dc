// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.MessageLite;
import io.jangada.server.error.EtcdError;

/** What an entry resulted in, the same on every member. */
public sealed interface ApplyResult {

    /**
     * It did what it asked for.
     *
     * @param response the answer, with a header that has at most the revision
     * @param revision the store's revision after it
     */
    record Done(MessageLite response, long revision) implements ApplyResult {}

    /**
     * It changed nothing.
     *
     * @param error why
     */
    record Rejected(EtcdError error) implements ApplyResult {}
}
