/** The gRPC services of the etcd v3 API. Called by the Netty loops, which they never block. */
@NullMarked
package io.jangada.server.grpc;

import org.jspecify.annotations.NullMarked;
