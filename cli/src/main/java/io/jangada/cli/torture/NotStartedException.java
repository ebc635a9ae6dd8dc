// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

/** The cluster could not be started at all: nothing is known about its promises. */
public final class NotStartedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a text for who reads the terminal. */
    public NotStartedException(String text) {
        super(text);
    }
}
