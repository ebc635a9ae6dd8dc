// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.util.Locale;

/**
 * One of etcd's flags. Immutable.
 *
 * @param name without dashes
 * @param group under which help shows it
 * @param kind what its value is
 * @param byDefault its value if nothing is said, as text
 * @param use how it is taken
 * @param text what it does, or why it is not used
 */
public record Flag(String name, String group, Kind kind, String byDefault, Use use, String text) {

    /** What a flag's value is. */
    public enum Kind {
        /** Any text. */
        STRING,
        /** {@code http://host:port}, separated by commas. */
        URLS,
        /** {@code new} or {@code existing}. */
        STATE,
        /** Go's spellings of true and false; the flag alone is true. */
        BOOL,
        /** A whole number. */
        NUMBER,
        /** Go's durations, such as {@code 1h30m}; in a file, nanoseconds. */
        DURATION
    }

    /** How a flag is taken. */
    public enum Use {
        /** It does what it does in etcd. */
        USED,
        /** It is accepted, and the log says once that it has no meaning here. */
        IGNORED,
        /** A value other than the default is refused: to ignore it would be unsafe. */
        REFUSED
    }

    /** The variable that stands for it: {@code DATA_DIR} for {@code data-dir}, behind a prefix. */
    public String variable() {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * Whether {@code value} is one that this flag may have, by its kind.
     *
     * @throws ConfigException if it is not
     */
    public void check(String value) throws ConfigException {
        switch (kind) {
            case STRING -> {
            }
            case URLS -> {
                if (!value.isEmpty()) {
                    var ignored = ServerUrl.parseList("--" + name, value);
                }
            }
            case STATE -> {
                var ignored = InitialClusterState.parse(value);
            }
            case BOOL -> {
                boolean ignored = GoValues.bool("--" + name, value);
            }
            case NUMBER -> {
                long ignored = GoValues.number("--" + name, value);
            }
            case DURATION -> {
                var ignored = GoDuration.parse("--" + name, value);
            }
        }
    }
}
