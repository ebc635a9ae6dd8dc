// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import java.io.IOException;

/** An address to listen on cannot be bound. The message names address and reason. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient HostPort address;

    /**
     * For {@code address}.
     *
     * @param reason such as "address already in use"
     */
    public ListenException(HostPort address, String reason, Throwable cause) {
        super("cannot listen on " + address + ": " + reason, cause);
        this.address = address;
    }

    /** The address that was asked for. */
    public HostPort address() {
        return address;
    }
}
