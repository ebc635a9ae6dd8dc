// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

/**
 * What a command has to show. Each format of {@code --write-out} is one method; a format that etcdctl does not
 * have for such an answer is refused with exit code 4.
 */
public interface Answer {
    /** For people and shells. */
    void simple(Lines lines);

    /** A value that {@link GoJson} can write. */
    Object json();

    /** A line for each field, {@code "Name" : value}. */
    default void fields(Lines ignored) {
        throw unsupported("fields");
    }

    /** Rows under headings. */
    default Table table() {
        throw unsupported("table");
    }

    private static CommandFailure unsupported(String format) {
        return CommandFailure.badFeature(format + " not supported as output format");
    }
}
