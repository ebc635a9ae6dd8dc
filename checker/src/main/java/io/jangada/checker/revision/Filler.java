// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;

/** What may have made a revision that no response acknowledged. Immutable. */
sealed interface Filler {
    /** An operation: of unknown outcome, or the end of a lease. */
    record Done(Operation operation) implements Filler {
        @Override
        public Request request() {
            return operation.request();
        }
    }

    /** A lease that ended by itself. */
    record Expired(long lease) implements Filler {
        @Override
        public Request request() {
            return new Request.LeaseRevoke(lease);
        }
    }

    /** What it did. */
    Request request();
}
