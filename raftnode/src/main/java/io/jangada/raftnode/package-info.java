/**
 * The application loop: RaftHost owns log, network and loops of a process; RaftNode runs one group on
 * them. Three loops share the work: the node loop owns the core and everything that talks to it, the
 * WAL loop owns the log, the apply loop owns the state machine. They hand each other immutable values.
 */
@NullMarked
package io.jangada.raftnode;

import org.jspecify.annotations.NullMarked;
