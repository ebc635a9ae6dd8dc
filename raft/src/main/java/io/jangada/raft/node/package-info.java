/** Node, the thread-safe front of the core: bounded queues before one loop. */
@NullMarked
package io.jangada.raft.node;

import org.jspecify.annotations.NullMarked;
