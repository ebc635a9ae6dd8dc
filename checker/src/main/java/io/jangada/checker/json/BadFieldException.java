// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

/** A field is missing or is not what it should be; the reader adds the line. */
final class BadFieldException extends Exception {
    private static final long serialVersionUID = 1;

    BadFieldException(String why) {
        super(why);
    }
}
