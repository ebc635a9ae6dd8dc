// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** Streams between members: the port, one in memory, and one over TCP with or without TLS. */
module io.jangada.network {
    // Annotations for compilers and readers; nothing looks at them at run time.
    requires static transitive org.jspecify;
    requires transitive io.jangada.raft;
    // Its loops and TLS contexts are in the signatures of tcp and tls.
    requires transitive io.netty.handler;
    requires transitive io.netty.transport;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires java.naming;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.jctools.core;

    exports io.jangada.network;
    exports io.jangada.network.tcp;
    exports io.jangada.network.tls;
}
