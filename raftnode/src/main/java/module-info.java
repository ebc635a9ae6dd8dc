// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** What an embedder takes: hosts, groups, and the state machines they replicate. */
module io.jangada.raftnode {
    // Annotations for compilers and readers; nothing looks at them at run time.
    requires static transitive org.jspecify;
    requires transitive io.jangada.network;
    requires transitive io.jangada.raft;
    requires transitive io.jangada.wal;
    requires io.netty.common;
    requires io.netty.transport;
    requires jdk.jfr;
    requires org.jctools.core;

    exports io.jangada.raftnode;
}
