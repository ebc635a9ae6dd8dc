// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import io.jangada.server.error.EtcdError;
import java.util.function.Consumer;

/** Waits until this member has applied all that was committed before. Thread-safe. */
@FunctionalInterface
public interface Barrier {
    /** Runs one of the two, once, on any thread, within a bounded time; must not block. */
    void await(Runnable caughtUp, Consumer<EtcdError> failed);
}
