// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import io.jangada.server.error.EtcdError;

/** Ends the evaluation of a request whose answer is an error. Carries no stack trace. */
public final class RequestRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final EtcdError error;

    /** With the answer {@code error}. */
    public RequestRejected(EtcdError error) {
        super(error.name(), null, false, false);
        this.error = error;
    }

    /** The answer. */
    public EtcdError error() {
        return error;
    }
}
