/**
 * A member of an etcd cluster: its configuration, identity, start and end. The rooms below hold the
 * state machine, the gRPC services, the HTTP side of the client port, leases and watches.
 */
@NullMarked
package io.jangada.server;

import org.jspecify.annotations.NullMarked;
