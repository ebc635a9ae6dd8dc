// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** Why nobody here can say how a proposal ended. */
public enum UnknownCause {
    /** Its time is over. */
    TIMED_OUT,
    /** This member stopped. */
    STOPPED,
    /** It was committed before this member took over a snapshot that includes it: the result is lost. */
    OVERTAKEN_BY_SNAPSHOT
}
