// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** Why nobody here can say how a proposal ended. */
public enum UnknownCause {
    /** Its time is over. */
    TIMED_OUT,
    /** This member stopped. */
    STOPPED,
    /** The caller gave it up. */
    ABANDONED
}
