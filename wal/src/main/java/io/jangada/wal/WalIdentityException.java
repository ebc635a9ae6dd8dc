// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.nio.file.Path;

/** The log or snapshot belongs to another cluster or another member. Nothing was changed. */
public final class WalIdentityException extends WalException {
    private static final long serialVersionUID = 1;

    WalIdentityException(Path file, WalIdentity expected, WalIdentity found) {
        super("file " + file + " belongs to " + found + ", but this is " + expected
                + ": point the member to its own directory");
    }
}
