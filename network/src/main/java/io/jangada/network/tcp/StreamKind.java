// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/** What a connection is for; named in the handshake. */
enum StreamKind {
    /** Messages, until it breaks. */
    MESSAGES,
    /** One snapshot. */
    SNAPSHOT
}
