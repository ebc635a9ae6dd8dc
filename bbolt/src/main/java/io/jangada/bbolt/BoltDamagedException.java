// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.io.IOException;

/** A file is not in bbolt's format, or was damaged: what is read from it cannot be trusted. */
public final class BoltDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long page;

    /**
     * What is wrong.
     *
     * @param page where
     * @param what with the numbers, and their bound
     */
    BoltDamagedException(long page, String what) {
        super("page " + page + ": " + what);
        this.page = page;
    }

    /** The page that is wrong, from 0. */
    public long page() {
        return page;
    }
}
