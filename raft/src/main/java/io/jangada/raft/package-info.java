/** The protocol. */
@NullMarked
package io.jangada.raft;

import org.jspecify.annotations.NullMarked;
