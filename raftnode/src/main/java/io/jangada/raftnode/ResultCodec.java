// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;

/**
 * How results are kept in the session table and in snapshots, to be answered again. Called by the apply
 * loop.
 *
 * @param <R> what the state machine answers
 */
public interface ResultCodec<R> {

    /** The bytes from which {@link #decode} makes an equal result; the same on all members. */
    Bytes encode(R result);

    /** The result that {@code encoded} was made from. */
    R decode(Bytes encoded);
}
