// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** A value of a configuration is out of bounds; nothing was made. */
public final class InvalidConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String value;
    private final String bound;

    InvalidConfigException(String name, String value, String bound) {
        super(name + " is " + value + ", must be " + bound);
        this.name = name;
        this.value = value;
        this.bound = bound;
    }

    /** The name of the component of {@link RaftConfig}. */
    public String name() {
        return name;
    }

    /** The value that was given. */
    public String value() {
        return value;
    }

    /** What it must be, for example {@code at least 1}. */
    public String bound() {
        return bound;
    }
}
