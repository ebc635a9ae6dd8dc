// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

/** Bytes that are no message of ours. Names the field and what is wrong with it. */
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * For {@code field}.
     *
     * @param field the field's name in raftpb, such as {@code entries.term}
     * @param problem what is wrong, with the value
     */
    public MalformedMessageException(String field, String problem) {
        super(field + ": " + problem);
        this.field = field;
    }

    /** The field's name in raftpb. */
    public String field() {
        return field;
    }
}
