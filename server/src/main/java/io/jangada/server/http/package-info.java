/** The client port: gRPC and HTTP/1.1 on one socket. Owned by the Netty loops. */
@NullMarked
package io.jangada.server.http;

import org.jspecify.annotations.NullMarked;
