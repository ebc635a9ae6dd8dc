// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.io.IOException;

/** A history that came from elsewhere has a change that cannot be one. */
public final class MalformedHistoryException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedHistoryException(String what) {
        super("mvcc: malformed history: " + what);
    }

    MalformedHistoryException(String what, Throwable cause) {
        super("mvcc: malformed history: " + what, cause);
    }
}
