// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.quorum;

/** What is known of one voter's answer. */
public enum Vote {
    /** No answer yet. */
    MISSING,
    /** No. */
    REFUSED,
    /** Yes. */
    GRANTED
}
