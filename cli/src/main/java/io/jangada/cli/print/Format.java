// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

/** The values of {@code --write-out}. */
public enum Format {
    /** For people and shells; the default. */
    SIMPLE,
    /** One line of JSON as Go's library writes it. */
    JSON,
    /** A line for each field. */
    FIELDS,
    /** Framed columns. */
    TABLE;

    /**
     * The format of this name.
     *
     * @throws CommandFailure if there is none
     */
    public static Format named(String name) {
        return switch (name) {
            case "simple" -> SIMPLE;
            case "json" -> JSON;
            case "fields" -> FIELDS;
            case "table" -> TABLE;
            default -> throw CommandFailure.badFeature("unsupported output format");
        };
    }
}
