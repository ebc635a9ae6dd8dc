// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/**
 * The Raft core: the protocol as a pure function of its inputs, its values, and the loop that drives it. It needs nothing but the
 * JDK's base module.
 */
@SuppressWarnings("module") // raftnode is compiled later
module io.jangada.raft {
    // Annotations for compilers and readers; nothing looks at them at run time.
    requires static transitive org.jspecify;

    exports io.jangada.raft;
    exports io.jangada.raft.model;
    exports io.jangada.raft.node;
    exports io.jangada.raft.quorum;
    exports io.jangada.raft.storage;
    exports io.jangada.raft.tracker;

    // How a change of membership looks in an entry: for the loop that applies entries.
    exports io.jangada.raft.confchange to io.jangada.raftnode;
}
