// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.Status;

/** Where the answer to a call by JSON goes. Owned by the Netty loop of the connection. */
interface GatewaySink {
    /** Whether the client reads so fast that it may get more now. */
    boolean isWritable();

    /** One of several answers. */
    void message(String json);

    /** The only answer; ends it. */
    void only(String json);

    /** What went wrong, as {@code json} says it; ends the answer. */
    void failed(Status status, String json);

    /** Ends an answer of several, or of none. */
    void end();
}
