// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.netty.channel.EventLoopGroup;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a {@link TcpNetwork} runs on; all of it is shared and outlives it. Immutable.
 *
 * @param loops epoll or NIO event loops
 * @param blocking runs what may block: reading and writing snapshots, looking up names. Needs
 *     several threads, or virtual ones
 * @param random chooses the pauses between attempts to connect; used only while a peer is added
 * @param clock says since when a peer is connected; nothing is decided by it
 */
public record TcpRuntime(EventLoopGroup loops, Executor blocking, RandomGenerator random,
        InstantSource clock) {}
