// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

/** Values as Go's flags spell them. */
final class GoValues {
    private GoValues() {}

    /**
     * Reads {@code 1 t T true TRUE True} and the same of false.
     *
     * @throws ConfigException if it is none of these
     */
    static boolean bool(String flag, String text) throws ConfigException {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new ConfigException(flag + " is \"" + text
                    + "\", not true or false");
        };
    }

    /**
     * Reads a whole number, decimal or, with {@code 0x}, hexadecimal.
     *
     * @throws ConfigException if it is none, or beyond 64 bits
     */
    static long number(String flag, String text) throws ConfigException {
        try {
            return Long.decode(text);
        } catch (NumberFormatException malformed) {
            throw new ConfigException(flag + " is \"" + text + "\", not a whole number");
        }
    }
}
